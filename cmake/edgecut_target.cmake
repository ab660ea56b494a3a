# What every target of the project compiles with.
add_library(edgecut_options INTERFACE)
target_compile_options(edgecut_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Wdouble-promotion -Wnon-virtual-dtor -Woverloaded-virtual
  # No fused multiply-add behind our back: the same bytes from every compiler and machine.
  -ffp-contract=off
  # GCC 12 at -O3 warns falsely of overlapping copies in std::string (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${EDGECUT_WERROR}>:-Werror>)
target_include_directories(edgecut_options INTERFACE ${PROJECT_SOURCE_DIR})
# AddressSanitizer: memory is not judged; no thread forks beside others, as the child would wait for
# ever for locks of the sanitizer's allocator (glibc's own allocator is safe at a fork).
set(sanitized 0)
if(EDGECUT_SANITIZE MATCHES "address")
  set(sanitized 1)
endif()
target_compile_definitions(edgecut_options INTERFACE EDGECUT_SANITIZED=${sanitized})
if(EDGECUT_SANITIZE)
  target_compile_options(edgecut_options INTERFACE
    -fsanitize=${EDGECUT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(edgecut_options INTERFACE -fsanitize=${EDGECUT_SANITIZE})
endif()

# edgecut_library(<folder> SOURCES ... [LINK ...]): the static library edgecut::<folder>.
function(edgecut_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(edgecut_${name} STATIC ${arg_SOURCES})
  add_library(edgecut::${name} ALIAS edgecut_${name})
  target_link_libraries(edgecut_${name} PUBLIC edgecut_options ${arg_LINK})
endfunction()

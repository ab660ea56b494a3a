// Where a command that writes a file tells of it: not into the file, if that is standard output.
#pragma once

#include <iostream>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

namespace edgecut::cli {

/// Standard output, or standard error for a file that is standard output itself (/dev/stdout). To
/// be asked before the file is put in place.
inline std::ostream& report_stream(const std::string& file) {
  struct stat named {};
  struct stat own {};
  const bool same = stat(file.c_str(), &named) == 0 && fstat(STDOUT_FILENO, &own) == 0 &&
                    named.st_dev == own.st_dev && named.st_ino == own.st_ino;
  return same ? std::cerr : std::cout;
}

}  // namespace edgecut::cli

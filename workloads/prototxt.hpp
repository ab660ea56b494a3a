// The text form of protocol buffers, as Caffe's network files are written: a strict reader that
// knows no schema.
//
// Protobuf's own text reader needs Caffe's schema, which no package carries and every fork extends;
// with unknown fields allowed it would swallow misspelt ones, and it knows nothing of the lines
// once it is done. So fields are kept with their lines, and the importer says which it knows.
// Ignores extensions ([name]) and numbers' types. No recursion; depth, fields and bytes are
// bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace edgecut::workloads {

inline constexpr std::size_t kPrototxtBytesMax = std::size_t{1} << 24;
inline constexpr std::size_t kPrototxtFieldsMax = std::size_t{1} << 20;
inline constexpr std::size_t kPrototxtDepthMax = 16;

/// One `name: value` or `name { fields }`; a list is a field for each element.
struct ProtoField {
  std::string name;
  std::string value;  // unescaped when it was quoted
  bool is_quoted = false;
  bool is_message = false;
  std::size_t line = 0;  // from 1
  std::vector<ProtoField> fields;

  [[nodiscard]] const ProtoField* find(std::string_view field) const;  // the last one, or null
};

/// The whole text as one message. Throws base::ConfigError at "file:line".
ProtoField read_prototxt(const std::string& text, const std::string& file);

}  // namespace edgecut::workloads

#include "workloads/onnx_reader.hpp"

#include <fstream>
#include <string>
#include <system_error>

#include "base/errors.hpp"
#include "base/file_reads.hpp"

namespace edgecut::workloads {
namespace {

// The messages that are walked; everything else is copied (when small) or skipped as bytes.
enum class Message { kModel, kGraph, kNode, kAttribute, kTensor, kBytes, kData, kSkipped };

// What a length-delimited field of a message holds (onnx.proto, IR version 8).
Message field_message(Message parent, std::uint64_t field) {
  switch (parent) {
    case Message::kModel:
      return field == 7   ? Message::kGraph
             : field == 8 ? Message::kBytes  // opset_import
                          : Message::kSkipped;
    case Message::kGraph:
      switch (field) {
        case 1:
          return Message::kNode;
        case 5:
          return Message::kTensor;
        case 2:   // name
        case 11:  // input
        case 12:  // output
        case 13:  // value_info
          return Message::kBytes;
        default:
          return Message::kSkipped;
      }
    case Message::kNode:
      return field == 5 ? Message::kAttribute : field == 6 ? Message::kSkipped : Message::kBytes;
    case Message::kAttribute:
      switch (field) {
        case 5:
          return Message::kTensor;
        case 1:  // name
        case 4:  // string
        case 7:  // floats
        case 8:  // ints
          return Message::kBytes;
        default:
          return Message::kSkipped;  // graphs, lists of tensors, documentation
      }
    case Message::kTensor:
      switch (field) {
        case 1:  // dims, packed
        case 8:  // name
          return Message::kBytes;
        case 4:   // float_data
        case 5:   // int32_data
        case 7:   // int64_data
        case 9:   // raw_data
        case 10:  // double_data
          return Message::kData;
        default:
          return Message::kSkipped;
      }
    default:
      return Message::kSkipped;
  }
}

void append_varint(std::uint64_t value, std::string& out) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7fU) | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

class StructureReader {
 public:
  explicit StructureReader(const std::filesystem::path& path)
      : path_(path), file_(path, std::ios::binary) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
      fail("no such file");
    }
    size_ = std::filesystem::file_size(path, error);
    if (error || !file_) {
      fail("cannot be opened for reading");
    }
    if (size_ > kOnnxFileBytesMax) {
      fail("larger than the " + std::to_string(kOnnxFileBytesMax) + " bytes allowed");
    }
  }

  // The bytes of the model's structure.
  std::string read() {
    std::string out;
    walk(Message::kModel, size_, out);
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw base::ConfigError(path_.string(), what);
  }
  [[noreturn]] void fail_here(const std::string& what) const {
    fail("no ONNX model, or a damaged one: " + what + " at byte " + std::to_string(position_));
  }

  std::uint64_t read_varint(std::uint64_t end) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (position_ >= end) {
        fail_here("it ends within a field");
      }
      const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(file_.get()));
      ++position_;
      value |= (byte & 0x7fU) << shift;
      if ((byte & 0x80U) == 0) {
        return value;
      }
    }
    fail_here("an overlong number");
  }

  void copy(std::uint64_t bytes, std::string& out) {
    const std::size_t before = out.size();
    if (bytes > kOnnxStructureBytesMax - std::min(before, kOnnxStructureBytesMax)) {
      fail("the graph takes more than the " + std::to_string(kOnnxStructureBytesMax) +
           " bytes allowed without its weights");
    }
    out.resize(before + static_cast<std::size_t>(bytes));
    file_.read(out.data() + before, static_cast<std::streamsize>(bytes));
    position_ += bytes;
    if (!file_) {
      fail_here("it cannot be read");
    }
  }

  void skip(std::uint64_t bytes) {
    position_ += bytes;
    file_.seekg(static_cast<std::streamoff>(position_));
  }

  // Appends the fields of one message, `bytes` long; calls itself to the depth of the enum only.
  void walk(Message message, std::uint64_t bytes, std::string& out) {
    const std::uint64_t end = position_ + bytes;
    while (position_ < end) {
      const std::uint64_t tag = read_varint(end);
      if (++fields_ > kOnnxFieldsMax || out.size() > kOnnxStructureBytesMax) {
        fail("more than the " + std::to_string(kOnnxFieldsMax) + " fields or " +
             std::to_string(kOnnxStructureBytesMax) + " bytes allowed in the graph's structure");
      }
      const std::uint64_t field = tag >> 3U;
      switch (tag & 7U) {
        case 0: {
          const std::uint64_t value = read_varint(end);
          append_varint(tag, out);
          append_varint(value, out);
          break;
        }
        case 1:
        case 5: {
          const std::uint64_t width = (tag & 7U) == 1 ? 8 : 4;
          if (width > end - position_) {
            fail_here("it ends within a field");
          }
          append_varint(tag, out);
          copy(width, out);
          break;
        }
        case 2:
          walk_delimited(field_message(message, field), tag, end, out);
          break;
        default:
          fail_here("a field of unknown kind");
      }
    }
  }

  void walk_delimited(Message message, std::uint64_t tag, std::uint64_t end, std::string& out) {
    const std::uint64_t bytes = read_varint(end);
    if (bytes > end - position_) {
      fail_here("a field of " + std::to_string(bytes) + " bytes where " +
                std::to_string(end - position_) + " are left (truncated?)");
    }
    const bool is_large = bytes > kOnnxDataBytesMax;
    if (message == Message::kSkipped || (message == Message::kData && is_large)) {
      skip(bytes);
      return;
    }
    if (message == Message::kBytes || message == Message::kData) {
      append_varint(tag, out);
      append_varint(bytes, out);
      // A byte of packed numbers or of a message may become a field of its own.
      fields_ += static_cast<std::size_t>(bytes / 16);
      copy(bytes, out);
      return;
    }
    std::string inner;
    walk(message, bytes, inner);
    append_varint(tag, out);
    append_varint(inner.size(), out);
    out += inner;
  }

  const std::filesystem::path& path_;
  std::ifstream file_;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
  std::size_t fields_ = 0;
};

}  // namespace

onnx::ModelProto read_onnx(const std::filesystem::path& path) {
  const std::string structure = StructureReader(path).read();
  base::FileReads::note_streamed(path);
  onnx::ModelProto model;
  if (!model.ParseFromString(structure)) {
    throw base::ConfigError(path.string(), "no ONNX model, or a damaged one");
  }
  if (!model.has_graph() || model.graph().node_size() == 0) {
    throw base::ConfigError(path.string(), "no ONNX model: it holds no graph with nodes");
  }
  if (model.opset_import_size() == 0) {
    throw base::ConfigError(path.string(),
                            "no ONNX model, or a truncated one: it names no operator set");
  }
  return model;
}

}  // namespace edgecut::workloads

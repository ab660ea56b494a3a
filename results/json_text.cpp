#include "results/json_text.hpp"

#include <algorithm>
#include <cmath>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace edgecut::results {
namespace {

using Json = nlohmann::ordered_json;

std::string quoted(const std::string& text) {
  // File names may hold bytes that are no UTF-8; they become U+FFFD.
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

class Writer {
 public:
  void write(const Json& value, const std::string& pointer, std::size_t depth) {
    if (value.is_object()) {
      write_object(value, pointer, depth);
    } else if (value.is_array()) {
      write_array(value, pointer, depth);
    } else if (value.is_number_float()) {
      const double number = value.get<double>();
      EC_CHECK(std::isfinite(number), "the number at " + pointer + " is not finite");
      text_ += base::format_number(number);
    } else if (value.is_string()) {
      text_ += quoted(value.get_ref<const std::string&>());
    } else {
      text_ += value.dump();
    }
  }

  std::string take() { return std::move(text_); }

 private:
  void write_object(const Json& object, const std::string& pointer, std::size_t depth) {
    if (object.empty()) {
      text_ += "{}";
      return;
    }
    text_ += '{';
    const char* separator = "";
    for (const auto& [key, value] : object.items()) {
      text_ += separator;
      new_line(depth + 1);
      text_ += quoted(key);
      text_ += ": ";
      write(value, pointer + "/" + key, depth + 1);
      separator = ",";
    }
    new_line(depth);
    text_ += '}';
  }

  void write_array(const Json& array, const std::string& pointer, std::size_t depth) {
    const bool plain = std::all_of(array.begin(), array.end(),
                                   [](const Json& each) { return each.is_primitive(); });
    text_ += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (i > 0) {
        text_ += plain ? ", " : ",";
      }
      if (!plain) {
        new_line(depth + 1);
      }
      write(array[i], pointer + "/" + std::to_string(i), depth + 1);
    }
    if (!plain) {
      new_line(depth);
    }
    text_ += ']';
  }

  void new_line(std::size_t depth) {
    text_ += '\n';
    text_.append(2 * depth, ' ');
  }

  std::string text_;
};

}  // namespace

std::string json_text(const Json& document) {
  Writer writer;
  writer.write(document, "#", 0);
  return writer.take() + "\n";
}

Json estimate_json(const Estimate& estimate) {
  Json object = {{"value", estimate.value}};
  put_if(object, "half_width", estimate.half_width);
  put_if(object, "autocorrelation", estimate.autocorrelation);
  return object;
}

}  // namespace edgecut::results

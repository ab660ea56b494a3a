#include "workloads/prototxt.hpp"

#include <utility>

#include "base/errors.hpp"

namespace edgecut::workloads {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Numbers and enumerators: everything that may stand unquoted.
bool is_bare(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '+' || c == '-'; }

class Reader {
 public:
  Reader(const std::string& text, const std::string& file) : text_(text), file_(file) {}

  ProtoField read() {
    ProtoField root;
    root.is_message = true;
    root.line = 1;
    open_ = {&root};
    closers_ = {'\0'};
    for (skip_blanks(); place_ < text_.size(); skip_blanks()) {
      if (closers_.back() != '\0' && text_[place_] == closers_.back()) {
        ++place_;
        open_.pop_back();
        closers_.pop_back();
        skip_separator();
      } else {
        read_field();
      }
    }
    if (open_.size() > 1) {
      fail("the file ends within \"" + open_.back()->name + "\", opened on line " +
           std::to_string(open_.back()->line));
    }
    return root;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw base::ConfigError(file_ + ":" + std::to_string(line_), what);
  }

  std::string shown() const {
    if (place_ >= text_.size()) {
      return "the end of the file";
    }
    const char c = text_[place_];
    return c > 0x20 && c < 0x7f ? std::string("'") + c + "'" : "an unprintable character";
  }

  void skip_blanks() {
    for (; place_ < text_.size(); ++place_) {
      const char c = text_[place_];
      if (c == '#') {
        while (place_ + 1 < text_.size() && text_[place_ + 1] != '\n') {
          ++place_;
        }
      } else if (c == '\n') {
        ++line_;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  bool take(char c) {
    skip_blanks();
    if (place_ < text_.size() && text_[place_] == c) {
      ++place_;
      return true;
    }
    return false;
  }

  void skip_separator() {
    if (!take(',')) {
      take(';');
    }
  }

  ProtoField& add(std::string name) {
    if (++fields_ > kPrototxtFieldsMax) {
      fail("more than " + std::to_string(kPrototxtFieldsMax) + " fields");
    }
    ProtoField& field = open_.back()->fields.emplace_back();
    field.name = std::move(name);
    field.line = line_;
    return field;
  }

  void read_field() {
    if (!is_letter(text_[place_])) {
      fail("expected a field's name, got " + shown());
    }
    const std::size_t start = place_;
    while (place_ < text_.size() && (is_letter(text_[place_]) || is_digit(text_[place_]))) {
      ++place_;
    }
    const std::string name = text_.substr(start, place_ - start);
    const bool has_colon = take(':');
    if (take('{')) {
      open(name, '}');
    } else if (take('<')) {
      open(name, '>');
    } else if (!has_colon) {
      skip_blanks();
      fail("expected ':' or '{' after \"" + name + "\", got " + shown());
    } else if (take('[')) {
      read_list(name);
      skip_separator();
    } else {
      read_value(add(name));
      skip_separator();
    }
  }

  void open(const std::string& name, char closer) {
    if (open_.size() > kPrototxtDepthMax) {
      fail("messages nested deeper than " + std::to_string(kPrototxtDepthMax));
    }
    ProtoField& field = add(name);
    field.is_message = true;
    open_.push_back(&field);  // its siblings come only after it is closed
    closers_.push_back(closer);
  }

  // Of plain values; Caffe has no lists of messages.
  void read_list(const std::string& name) {
    if (take(']')) {
      return;
    }
    do {
      read_value(add(name));
    } while (take(','));
    if (!take(']')) {
      fail("expected ',' or ']' in the list of \"" + name + "\", got " + shown());
    }
  }

  void read_value(ProtoField& field) {
    skip_blanks();
    field.line = line_;
    if (place_ < text_.size() && (text_[place_] == '"' || text_[place_] == '\'')) {
      field.is_quoted = true;
      while (place_ < text_.size() && (text_[place_] == '"' || text_[place_] == '\'')) {
        read_string(field.value);
        skip_blanks();  // strings side by side are one
      }
      return;
    }
    const std::size_t start = place_;
    while (place_ < text_.size() && is_bare(text_[place_])) {
      ++place_;
    }
    if (place_ == start) {
      fail("expected a value of \"" + field.name + "\", got " + shown());
    }
    field.value = text_.substr(start, place_ - start);
  }

  void read_string(std::string& value) {
    const char quote = text_[place_++];
    for (; place_ < text_.size() && text_[place_] != quote; ++place_) {
      char c = text_[place_];
      if (c == '\n') {
        break;
      }
      if (c == '\\' && place_ + 1 < text_.size()) {
        c = text_[++place_];
        c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
        if (text_[place_] == '\n') {
          break;
        }
      }
      value.push_back(c);
    }
    if (place_ >= text_.size() || text_[place_] != quote) {
      fail("a string without its closing quote");
    }
    ++place_;
  }

  const std::string& text_;
  const std::string& file_;
  std::size_t place_ = 0;
  std::size_t line_ = 1;
  std::size_t fields_ = 0;
  std::vector<ProtoField*> open_;
  std::string closers_;
};

}  // namespace

const ProtoField* ProtoField::find(std::string_view field) const {
  const ProtoField* found = nullptr;
  for (const ProtoField& candidate : fields) {
    found = candidate.name == field ? &candidate : found;
  }
  return found;
}

ProtoField read_prototxt(const std::string& text, const std::string& file) {
  if (text.size() > kPrototxtBytesMax) {
    throw base::ConfigError(
        file, "larger than the " + std::to_string(kPrototxtBytesMax) + " bytes allowed");
  }
  return Reader(text, file).read();
}

}  // namespace edgecut::workloads

#include "workloads/prototxt.hpp"

#include <random>

#include <doctest/doctest.h>

#include "base/errors.hpp"

using namespace edgecut;
using namespace edgecut::workloads;

namespace {

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(read_prototxt(text, "net.prototxt"));
  } catch (const base::ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("fields, messages, lists, strings and comments are read with their lines") {
  const ProtoField root = read_prototxt(
      "name: \"a\" 'b\\n' # comment: {\n"
      "layer { type: RELU, top: \"x\"; }\n"
      "shape: < dim: [1, 2,\n 3] >\n"
      "empty: []\n",
      "net.prototxt");
  REQUIRE(root.fields.size() == 3);
  CHECK(root.fields[0].value == "ab\n");
  CHECK(root.fields[0].is_quoted);
  CHECK(root.fields[1].is_message);
  CHECK(root.fields[1].line == 2);
  CHECK(root.fields[1].find("type")->value == "RELU");
  CHECK(root.fields[1].find("bottom") == nullptr);
  REQUIRE(root.fields[2].fields.size() == 3);
  CHECK(root.fields[2].fields[2].value == "3");
  CHECK(root.fields[2].fields[2].line == 4);
}

TEST_CASE("every mistake of syntax is told with its line") {
  CHECK(refusal("name \"a\"") == "net.prototxt:1: expected ':' or '{' after \"name\", got '\"'");
  CHECK(refusal("a: 1\n: 2") == "net.prototxt:2: expected a field's name, got ':'");
  CHECK(refusal("a: \n}") == "net.prototxt:2: expected a value of \"a\", got '}'");
  CHECK(refusal("a {\n b: 1\n") == "net.prototxt:3: the file ends within \"a\", opened on line 1");
  CHECK(refusal("a: \"x\ny: 1") == "net.prototxt:1: a string without its closing quote");
  CHECK(refusal("a: [1 2]") == "net.prototxt:1: expected ',' or ']' in the list of \"a\", got '2'");
  CHECK(refusal("a: 1\n}") == "net.prototxt:2: expected a field's name, got '}'");
  CHECK(refusal("a < b: 1 }").find("expected a field's name, got '}'") != std::string::npos);
  CHECK(refusal("a:") == "net.prototxt:1: expected a value of \"a\", got the end of the file");
  CHECK(refusal(std::string("a\0: 1", 5)).find("unprintable") != std::string::npos);
}

TEST_CASE("nesting, fields and bytes are bounded") {
  std::string deep;
  for (std::size_t i = 0; i < 100'000; ++i) {
    deep += "a{";
  }
  CHECK(refusal(deep).find("nested deeper than") != std::string::npos);
  std::string many;
  for (std::size_t i = 0; i <= kPrototxtFieldsMax; ++i) {
    many += "a:1 ";
  }
  CHECK(refusal(many).find("more than 1048576 fields") != std::string::npos);
  CHECK(refusal(std::string(kPrototxtBytesMax + 1, ' ')).find("larger than") != std::string::npos);
}

TEST_CASE("damaged text is read or refused, never anything else") {
  const std::string whole =
      "name: \"n\" input: \"x\" input_shape { dim: 1 dim: 3 }\n"
      "layer { name: 'a' type: \"ReLU\" bottom: \"x\" top: \"y\" p < q: [1, 2] > } # end\n";
  std::mt19937_64 random(20240608);
  std::size_t refused = 0;
  constexpr std::size_t kRounds = 5000;
  for (std::size_t round = 0; round < kRounds; ++round) {
    std::string text = whole.substr(0, 1 + random() % whole.size());
    text[random() % text.size()] = static_cast<char>(random() % 256);
    refused += refusal(text).empty() ? 0U : 1U;
  }
  CHECK(refused > 0);
  CHECK(refused < kRounds);
}

// Damaged and hostile files: an import or a refusal, never anything else, in bounded memory.
#include <chrono>
#include <random>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "base/file.hpp"
#include "support.hpp"
#include "workloads/onnx_reader.hpp"

using namespace edgecut;
using namespace edgecut::workloads;
using namespace edgecut::workloads::testing;

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 22;
constexpr long kPeakGrowthMaxKib = 256 * 1024;

long peak_memory_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Bounded since `before`, the peak of then. AddressSanitizer keeps what was freed, up to 256 MiB
// and more: its peaks say nothing about the importer.
void check_memory(long before) {
  if (EDGECUT_SANITIZED == 0) {
    CHECK(peak_memory_kib() - before < kPeakGrowthMaxKib);
  } else {
    MESSAGE("memory is not judged under AddressSanitizer; grown by KiB: "
            << (peak_memory_kib() - before));
  }
}

// Whether the bytes are a model; anything thrown but ConfigError fails the test.
bool imports(const Scratch& scratch, const std::string& bytes) {
  try {
    const Dnn dnn = import_model(scratch.write("net.onnx", bytes));
    return !dnn.layers().empty();
  } catch (const base::ConfigError& error) {
    CHECK(!error.problems().empty());
    return false;
  }
}

std::string refusal(const std::string& bytes) {
  const Scratch scratch;
  try {
    static_cast<void>(import_model(scratch.write("net.onnx", bytes)));
  } catch (const base::ConfigError& error) {
    return error.what();
  }
  return "";
}

std::optional<std::string> shared_model(const std::string& name) {
  const auto path = std::filesystem::path(EDGECUT_SHARED_DIR) / "models/onnx" / name;
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no " << path.string());
    return std::nullopt;
  }
  return base::read_file(path, kFileBytesMax);
}

// A small graph with an operator of every family, so that flips reach each rule.
std::string zoo() {
  Graph graph(13);
  graph.input("x", {1, 4, 6, 6});
  graph.weights("w", {4, 2, 3, 3}).weights("b", {4});
  graph.node("Conv", {"x", "w", "b"}, {"c"}).with("group", 2).with("pads", Dims{1, 1, 1, 1});
  graph.with("strides", Dims{1, 1}).with("dilations", Dims{1, 1}).with("kernel_shape", Dims{3, 3});
  graph.node("BatchNormalization", {"c", "b", "b", "b", "b"}, {"n"});
  graph.node("LRN", {"n"}, {"l"}).with("size", 3);
  graph.node("MaxPool", {"l"}, {"m"}).with("kernel_shape", Dims{2, 2}).with("strides", Dims{2, 2});
  graph.weights("t", {4, 2, 2, 2});
  graph.node("ConvTranspose", {"m", "t"}, {"up"}).with("strides", Dims{2, 2});
  graph.integers("pads", {0, 0, 0, 0, 0, 2, 0, 0}).node("Pad", {"up", "pads"}, {"p"});
  graph.integers("from", {0}).integers("to", {6}).integers("axes", {2}).integers("steps", {1});
  graph.node("Slice", {"p", "from", "to", "axes", "steps"}, {"s"});
  graph.floats("scales", {1, 1, 2, 2}).node("Resize", {"s", "", "scales"}, {"r"});
  graph.node("SpaceToDepth", {"r"}, {"d"}).with("blocksize", 2);
  graph.node("DepthToSpace", {"d"}, {"z"}).with("blocksize", 2);
  graph.node("Transpose", {"z"}, {"tr"}).with("perm", Dims{0, 2, 3, 1});
  graph.node("Split", {"tr"}, {"a1", "a2"}).with("axis", 1);
  graph.node("Concat", {"a1", "a2"}, {"cat"}).with("axis", -1);
  graph.node("ReduceMean", {"cat"}, {"mean"}).with("axes", Dims{1, 2}).with("keepdims", 0);
  graph.integers("tiles", {1, 3}).node("Tile", {"mean", "tiles"}, {"tiled"});
  graph.integers("wide", {5, 1}).node("Expand", {"tiled", "wide"}, {"e"});
  graph.node("Shape", {"e"}, {"shape"}).integers("zero", {0});
  graph.node("Gather", {"shape", "zero"}, {"rows"}).with("axis", 0);
  graph.integers("rest", {-1}).node("Concat", {"rows", "rest"}, {"target"}).with("axis", 0);
  graph.node("Reshape", {"e", "target"}, {"flat"});
  graph.node("TopK", {"flat", "zero"}, {"top", "where"}).with("axis", -1);
  graph.weights("g", {24, 7}).node("Gemm", {"flat", "g"}, {"fc"}).with("transB", 0);
  graph.node("Unsqueeze", {"fc", "zero"}, {"sequence"});
  graph.weights("lw", {1, 12, 7}).weights("lr", {1, 12, 3});
  graph.node("LSTM", {"sequence", "lw", "lr"}, {"h"}).with("hidden_size", 3);
  graph.node("Squeeze", {"h"}, {"hs"});
  graph.node("Transpose", {"hs"}, {"hs_t"}).node("MatMul", {"hs", "hs_t"}, {"q"});
  graph.integers("pick", {0, 1}).integers("one", {1});
  graph.node("Unsqueeze", {"pick", "zero"}, {"pick2"});
  graph.node("GatherElements", {"q", "pick2"}, {"ge"}).with("axis", 0);
  graph.node("GatherND", {"ge", "pick2"}, {"nd"}).node("Trilu", {"ge"}, {"tri"});
  graph.node("Compress", {"tri", "zero"}, {"few"}).with("axis", 1);
  graph.node("ScatterND", {"tri", "pick2", "ge"}, {"scattered"});
  graph.node("ScatterElements", {"tri", "pick2", "ge"}, {"put"}).with("axis", 1);
  graph.node("Range", {"zero", "one", "one"}, {"range"});
  graph.node("ReduceSum", {"put", "one"}, {"sum"}).node("ArgMax", {"sum"}, {"am"}).with("axis", 1);
  graph.node("Einsum", {"q", "q"}, {"ein"}).with_text("equation", "ij,jk->ik");
  graph.node("OneHot", {"ein", "rest", "scales"}, {"hot"}).node("Softmax", {"ein"}, {"y"});
  graph.output("y").output("hot").output("top").output("am").output("few").output("nd");
  return graph.bytes();
}

}  // namespace

TEST_CASE("a real model cut off at any byte is refused") {
  const auto whole = shared_model("resnet50.onnx");
  if (!whole) {
    return;
  }
  const Scratch scratch;
  REQUIRE(imports(scratch, *whole));
  constexpr std::size_t kStep = 97;
  for (std::size_t size = 0; size < whole->size(); size += kStep) {
    CAPTURE(size);
    CHECK(!imports(scratch, whole->substr(0, size)));
  }
}

TEST_CASE("flipped bytes end in an import or a refusal, in bounded memory") {
  std::vector<std::string> models = {zoo()};
  REQUIRE(refusal(models[0]) == "");
  const Scratch scratch;
  for (const char* name : {"resnet50.onnx", "inception_v1.onnx"}) {
    if (const auto bytes = shared_model(name)) {
      models.push_back(*bytes);
    }
  }
  std::mt19937_64 random(20240607);  // the same flips every time
  const long before = peak_memory_kib();
  std::size_t imported = 0, tried = 0;
  for (std::size_t m = 0; m < models.size(); ++m) {
    const std::size_t rounds = m == 0 ? 6000 : 150;
    for (std::size_t round = 0; round < rounds; ++round) {
      std::string bytes = models[m];
      const std::size_t flips = 1 + random() % 3;
      for (std::size_t i = 0; i < flips; ++i) {
        bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
      }
      CAPTURE(round);
      imported += imports(scratch, bytes) ? 1U : 0U;
      ++tried;
    }
  }
  CHECK(imported < tried);
  check_memory(before);
}

TEST_CASE("what is no model at all is refused") {
  CHECK(refusal("").find("no ONNX model") != std::string::npos);
  CHECK(refusal("{\"name\": \"text\"}").find("no ONNX model") != std::string::npos);
  CHECK(refusal(std::string(5000, '\0')).find("no ONNX model") != std::string::npos);
  CHECK_THROWS_WITH(import_model("nowhere.onnx"), "nowhere.onnx: no such file");
}

TEST_CASE("weights are not read: a tensor that claims more than the file holds is a truncation") {
  Graph graph = std::move(Graph().input("x", {1, 4}).weights("w", {4, 3}));
  graph.node("Gemm", {"x", "w"}, {"y"}).output("y");
  auto* weights = graph.model().mutable_graph()->mutable_initializer(0);
  weights->set_raw_data(std::string(3'000'000, 'w'));
  const std::string bytes = graph.bytes();
  const Scratch scratch;
  CHECK(imports(scratch, bytes));
  const std::size_t at = bytes.find("wwww");
  CHECK(!imports(scratch, bytes.substr(0, at + 100)));
  const onnx::ModelProto slim = read_onnx(scratch.write("net.onnx", bytes));
  CHECK(slim.ByteSizeLong() < bytes.size() - 2'900'000);
}

TEST_CASE("a file of empty nodes beyond the limit is refused before it is parsed") {
  // Field 1 of the graph, zero bytes long: two bytes a node.
  std::string nodes;
  for (std::size_t i = 0; i <= kOnnxFieldsMax; ++i) {
    nodes += std::string("\x0a\x00", 2);
  }
  std::string bytes = "\x3a";
  for (std::size_t size = nodes.size(); size > 0; size >>= 7U) {
    bytes.push_back(static_cast<char>((size & 0x7fU) | (size >= 0x80U ? 0x80U : 0U)));
  }
  const long before = peak_memory_kib();
  CHECK(refusal(bytes + nodes).find("fields") != std::string::npos);
  check_memory(before);
}

TEST_CASE("subgraphs are not followed, however deep they nest") {
  onnx::GraphProto inner;
  inner.set_name("g");
  for (int depth = 0; depth < 60; ++depth) {
    onnx::GraphProto outer;
    auto* node = outer.add_node();
    node->set_op_type("If");
    node->add_output("y");
    auto* branch = node->add_attribute();
    branch->set_name("then_branch");
    branch->set_type(onnx::AttributeProto_AttributeType_GRAPH);
    *branch->mutable_g() = inner;
    inner = outer;
  }
  Graph graph = std::move(Graph().input("x", {1, 4}).node("If", {"x"}, {"y"}).output("y"));
  auto* branch = graph.model().mutable_graph()->mutable_node(0)->add_attribute();
  branch->set_name("then_branch");
  branch->set_type(onnx::AttributeProto_AttributeType_GRAPH);
  *branch->mutable_g() = inner;
  const Dnn dnn = graph.import();
  CHECK(joined_notes(dnn).find("If \"y\": no rule") != std::string::npos);
}

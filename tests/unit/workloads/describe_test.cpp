#include "workloads/describe.hpp"

#include <doctest/doctest.h>

#include "build.hpp"
#include "workloads/model_file.hpp"

using namespace edgecut;
using namespace edgecut::workloads;

TEST_CASE("a network is described by a line a layer and its totals") {
  auto network = testing::description({.batch = 2, .channels = 1000},
                                      {testing::fully_connected("wide", 500, {kNetworkInput}),
                                       testing::layer("r", LayerType::kRelu, {0})});
  network.title = "two layers";
  network.source = "nobody, 2000";
  network.output_is_uploaded = true;
  // wide: 2 x 1000 x 500 x batch 2 = 2 Mflop, 500 x 1001 parameters, 4 bytes an element.
  CHECK(describe(Dnn(network, "test")) ==
        "small: two layers\n"
        "source: nobody, 2000\n"
        "input: 2x1000, 1 bytes when sent unprocessed\n"
        "output: uploaded even when every layer runs on the device\n"
        "  #  layer  type             output  elements  bytes  Mflop  parameters\n"
        "  1  wide   fully_connected  2x500       1000   4000  2.000      500500\n"
        "  2  r      relu             2x500       1000   4000  0.001           0\n"
        "     total                                            2.001      500500\n");
}

TEST_CASE("the inputs are shown where a network is no chain") {
  const Dnn dnn(
      testing::description({.channels = 4}, {testing::layer("a", LayerType::kRelu, {kNetworkInput}),
                                             testing::layer("b", LayerType::kTanh, {kNetworkInput}),
                                             testing::layer("s", LayerType::kEltwise, {0, 1})}),
      "test");
  const std::string text = describe(dnn);
  CHECK(text.find("inputs") != std::string::npos);
  CHECK(text.find("eltwise  a b ") != std::string::npos);
}

TEST_CASE("a network without title and source needs no lines for them") {
  const Dnn dnn(testing::description({.channels = 4},
                                     {testing::layer("a", LayerType::kRelu, {kNetworkInput})}),
                "test");
  CHECK(describe(dnn).rfind("small\ninput: 4, 1 bytes", 0) == 0);
}

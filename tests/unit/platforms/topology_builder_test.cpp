#include "platforms/topology_builder.hpp"

#include <limits>
#include <string>

#include <doctest/doctest.h>

using namespace edgecut;
using base::bits_per_s;
using base::seconds;
using platforms::Topology;
using platforms::TopologyBuilder;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a route joins the channels, latencies and caps of its links") {
  TopologyBuilder builder;
  builder.medium("ap", bits_per_s(60), {.latency = seconds(0.25), .count = 3, .where = ""});
  builder.duplex("backhaul", bits_per_s(500), bits_per_s(900),
                 {.latency = seconds(0.5), .count = 0, .where = ""});
  builder.cap("shaper", bits_per_s(50), bits_per_s(100));
  builder.cap("tariff", bits_per_s(70), bits_per_s(20),
              {.latency = seconds(1), .count = 0, .where = ""});
  CHECK(builder.route({"ap/1", "backhaul", "shaper", "tariff"}) == 0);
  CHECK(builder.route({}) == 1);
  const Topology topology = builder.build();
  REQUIRE(topology.channels.size() == 5);
  CHECK(topology.channels[1].name == "ap/1");
  CHECK(topology.channels[4].name == "backhaul down");
  CHECK(topology.channels[4].rate->mean_rate() == bits_per_s(900));
  const platforms::Route& route = topology.routes.at(0);
  CHECK(route.up == std::vector<std::uint32_t>{1, 3});
  CHECK(route.down == std::vector<std::uint32_t>{1, 4});
  CHECK(route.latency_up == seconds(1.75));
  CHECK(route.latency_down == seconds(1.75));
  CHECK(route.cap_up == bits_per_s(50));
  CHECK(route.cap_down == bits_per_s(20));
  CHECK(topology.routes.at(1).up.empty());
  CHECK(!topology.routes.at(1).cap_up.has_value());
}

TEST_CASE("a link may vary by a trace") {
  const auto trace = std::make_shared<const platforms::RateTrace>(
      platforms::RateTrace({{seconds(0), bits_per_s(1)}, {seconds(1), bits_per_s(2)}}, seconds(2)));
  TopologyBuilder builder;
  builder.medium("cell", trace);
  CHECK(builder.build().channels[0].rate == trace);
}

TEST_CASE("every problem of a topology is told at once") {
  TopologyBuilder builder;
  builder.medium("ap", bits_per_s(60));
  builder.medium("ap", bits_per_s(60));
  builder.medium("", bits_per_s(1));
  builder.duplex("d", bits_per_s(0), bits_per_s(kNan),
                 {.latency = {}, .count = 0, .where = "/topology/links/2"});
  builder.cap("c", bits_per_s(-1), bits_per_s(kInfinite));
  builder.medium("late", bits_per_s(1), {.latency = seconds(kNan), .count = 0, .where = ""});
  builder.medium("many", bits_per_s(1), {.latency = {}, .count = 2'000'000, .where = ""});
  builder.route({"ap", "app", "ap"});
  builder.route({"zzzzzzzz"}, "/topology/routes/1");
  try {
    static_cast<void>(builder.build());
    FAIL("nothing thrown");
  } catch (const base::ConfigError& error) {
    const std::string text = std::string("\n") + error.what() + "\n";
    for (const char* line :
         {"link \"ap\": there is a link \"ap\" already", "link \"\": a link needs a name",
          "/topology/links/2: rate 0 bit/s; expected a number in (0, 1e+15], or a trace",
          "/topology/links/2: rate nan bit/s; expected a number in (0, 1e+15], or a trace",
          "link \"c\": rate -1 bit/s; expected a number in (0, 1e+15], or a trace",
          "link \"late\": latency nan s; expected a number in [0, 10000]",
          "link \"many\": 2000000 alike links; expected 1000000 at most",
          "route 0: no link \"app\", did you mean \"ap\"?",
          "route 0: the link \"ap\" is twice in the route",
          "/topology/routes/1: no link \"zzzzzzzz\"; allowed: ap"}) {
      CAPTURE(text);
      CHECK(text.find(std::string("\n") + line + "\n") != std::string::npos);
    }
  }
}

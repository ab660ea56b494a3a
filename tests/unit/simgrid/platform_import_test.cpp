#include "sim/platform_import.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/errors.hpp"

using namespace edgecut;
using platforms::Topology;

namespace {

// A platform file, gone with the object.
class PlatformFile {
 public:
  // What stands between <zone ...> and </zone>.
  explicit PlatformFile(const std::string& content, const std::string& routing = "Full")
      : PlatformFile() {
    write(
        "<?xml version='1.0'?>\n"
        "<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n"
        "<platform version=\"4.1\">\n<zone id=\"world\" routing=\"" +
        routing + "\">\n" + content + "\n</zone>\n</platform>\n");
  }
  static PlatformFile raw(const std::string& text) {
    PlatformFile file;
    file.write(text);
    return file;
  }
  PlatformFile(PlatformFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PlatformFile(const PlatformFile&) = delete;
  PlatformFile& operator=(const PlatformFile&) = delete;
  ~PlatformFile() {
    if (!path_.empty()) {
      std::filesystem::remove(path_);
    }
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] Topology import(const std::vector<std::string>& attachments,
                                const std::string& cloud = "cloud") const {
    return sim::import_platform({path_, cloud, attachments});
  }
  // The problems, without the file's name.
  [[nodiscard]] std::string problems(const std::vector<std::string>& attachments,
                                     const std::string& cloud = "cloud") const {
    try {
      static_cast<void>(import(attachments, cloud));
    } catch (const base::ConfigError& error) {
      std::string text;
      for (const base::Problem& problem : error.problems()) {
        CHECK(problem.where == path_.string());
        text += problem.what + "\n";
      }
      return text;
    }
    return "none";
  }

 private:
  PlatformFile() {
    static int count = 0;
    path_ =
        std::filesystem::temp_directory_path() /
        ("edgecut-platform-" + std::to_string(getpid()) + "-" + std::to_string(++count) + ".xml");
  }
  void write(const std::string& text) const { std::ofstream(path_) << text; }
  std::filesystem::path path_;
};

const std::string kHosts =
    R"(<host id="cloud" speed="1Gf"/><host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>)";

double bits_per_s(const Topology& topology, std::size_t channel) {
  return base::in_bits_per_s(topology.channels.at(channel).rate->mean_rate());
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("links of a platform become channels both ways, caps and latencies") {
  const PlatformFile file(kHosts + R"(
    <link id="air" bandwidth="10MBps" latency="5ms"/>
    <link id="fibre" bandwidth="100Mbps" latency="1ms" sharing_policy="SPLITDUPLEX"/>
    <link id="core" bandwidth="1GBps" latency="20ms" sharing_policy="FATPIPE"/>
    <route src="a" dst="cloud"><link_ctn id="air"/><link_ctn id="fibre" direction="UP"/><link_ctn id="core"/></route>
    <route src="b" dst="cloud"><link_ctn id="fibre" direction="UP"/></route>)");
  const Topology topology = file.import({"a", "b"});
  REQUIRE(topology.channels.size() == 3);
  CHECK(topology.channels[0].name == "air");
  CHECK(topology.channels[1].name == "fibre_UP");
  CHECK(topology.channels[2].name == "fibre_DOWN");
  CHECK(bits_per_s(topology, 0) == 80e6);
  CHECK(bits_per_s(topology, 1) == 100e6);
  const platforms::Route& a = topology.routes.at(0);
  CHECK(a.up == std::vector<std::uint32_t>{0, 1});
  CHECK(a.down == std::vector<std::uint32_t>{2, 0});
  CHECK(base::in_seconds(a.latency_up) == doctest::Approx(0.026));
  CHECK(base::in_seconds(a.latency_down) == doctest::Approx(0.026));
  CHECK(a.cap_up == base::bits_per_s(8e9));
  CHECK(a.cap_down == base::bits_per_s(8e9));
  CHECK(topology.routes.at(1).up == std::vector<std::uint32_t>{1});
  CHECK(!topology.routes.at(1).cap_up.has_value());
}

TEST_CASE("ways are found over zones, a cluster, and by shortest paths") {
  const PlatformFile zones(R"(
    <cluster id="phones" prefix="phone-" suffix="" radical="0-99" speed="1Gf" bw="2MBps" lat="10us"
             bb_bw="20MBps" bb_lat="100us"/>
    <zone id="dc" routing="Floyd">
      <host id="cloud" speed="1Gf"/><router id="door"/>
      <link id="rack" bandwidth="5GBps" latency="50us"/>
      <route src="cloud" dst="door"><link_ctn id="rack"/></route>
    </zone>
    <link id="wan" bandwidth="100MBps" latency="15ms"/>
    <zoneRoute src="phones" dst="dc" gw_src="phone-phones_router" gw_dst="door"><link_ctn id="wan"/></zoneRoute>)");
  const Topology clustered = zones.import({"phone-3", "phone-77"});
  // A link of each phone's own, both ways; backbone, WAN and rack in common.
  REQUIRE(clustered.routes.size() == 2);
  CHECK(clustered.routes[0].up.size() == 4);
  CHECK(clustered.routes[0].up[0] != clustered.routes[1].up[0]);
  CHECK(clustered.routes[0].up[3] == clustered.routes[1].up[3]);
  CHECK(base::in_seconds(clustered.routes[1].latency_up) ==
        doctest::Approx(10e-6 + 100e-6 + 15e-3 + 50e-6));

  const PlatformFile graph(kHosts + R"(
    <link id="ab" bandwidth="1MBps" latency="1ms"/><link id="bc" bandwidth="2MBps" latency="2ms"/>
    <route src="a" dst="b"><link_ctn id="ab"/></route>
    <route src="b" dst="cloud"><link_ctn id="bc"/></route>)",
                           "Dijkstra");
  const Topology walked = graph.import({"a"});
  REQUIRE(walked.channels.size() == 2);
  CHECK(walked.channels[0].name == "ab");
  CHECK(walked.channels[1].name == "bc");
  CHECK(base::in_seconds(walked.routes[0].latency_down) == doctest::Approx(3e-3));
}

TEST_CASE("hosts that a platform does not have are all named, with what it has") {
  const PlatformFile file(kHosts + R"(<link id="l" bandwidth="1MBps" latency="1ms"/>
    <route src="a" dst="cloud"><link_ctn id="l"/></route>)");
  CHECK(file.problems({"a", "c"}, "clod") ==
        "has no host \"clod\", did you mean \"cloud\"?\n"
        "has no host \"c\", did you mean \"a\"?\n");
  CHECK(file.problems({"cloud"}) == "the host \"cloud\" is the cloud's; nodes attach elsewhere\n");
  CHECK(file.problems({"b"}) ==
        "there is no route from \"b\" to \"cloud\"\nthere is no route from \"cloud\" to \"b\"\n");
}

TEST_CASE("what a topology cannot have is refused by the link's name") {
  const PlatformFile rates(kHosts + R"(
    <link id="nan" bandwidth="nanMBps" latency="1ms"/><link id="minus" bandwidth="-5MBps" latency="1ms"/>
    <route src="a" dst="cloud"><link_ctn id="nan"/><link_ctn id="minus"/></route>)");
  CHECK(rates.problems({"a"}) ==
        "the link \"nan\" has nan bit/s; expected a number in (0, 1e+15]\n"
        "the link \"minus\" has -4e+07 bit/s; expected a number in (0, 1e+15]\n");
  const PlatformFile twice(kHosts + R"(<link id="l" bandwidth="1MBps" latency="1ms"/>
    <route src="a" dst="cloud"><link_ctn id="l"/><link_ctn id="l"/></route>)");
  CHECK(twice.problems({"a"}) ==
        "the link \"l\" is twice on the way from \"a\" to \"cloud\"\n"
        "the link \"l\" is twice on the way from \"cloud\" to \"a\"\n");
  const PlatformFile wifi(R"(
    <zone id="wlan" routing="Wifi"><prop id="access_point" value="ap"/><host id="a" speed="1Gf"/><router id="ap"/>
      <link id="air" sharing_policy="WIFI" bandwidth="54Mbps,36Mbps" latency="0ms"/></zone>
    <zone id="dc" routing="Full"><host id="cloud" speed="1Gf"/></zone>
    <link id="wan" bandwidth="10MBps" latency="1ms"/>
    <zoneRoute src="wlan" dst="dc" gw_src="ap" gw_dst="cloud"><link_ctn id="wan"/></zoneRoute>)");
  CHECK(wifi.problems({"a"}) ==
        "the link \"air\" is a WIFI link, whose capacity depends on who talks; declare a medium "
        "instead\n");
  const PlatformFile varying(kHosts + R"(<!-- <trace_connect> in a comment is none -->
    <link id="l" bandwidth="1MBps" latency="1ms" bandwidth_file="l.bw"/>
    <route src="a" dst="cloud"><link_ctn id="l"/></route>)");
  CHECK(
      varying.problems({"a"}) ==
      "has a bandwidth_file: what varies in time is not imported; give the channel a trace in the "
      "scenario\n");
}

TEST_CASE("a file that SimGrid cannot read is one problem with SimGrid's reason") {
  CHECK_THROWS_AS(sim::import_platform({"/nowhere.xml", "cloud", {"a"}}), base::ConfigError);
  for (const std::string& text : {std::string(), std::string("<platform"), std::string(5000, '\0'),
                                  std::string("<platform version=\"3\"></platform>")}) {
    const std::string problems = PlatformFile::raw(text).problems({"a"});
    CAPTURE(problems);
    CHECK(contains(problems, "SimGrid cannot read it: "));
  }
  const PlatformFile link(kHosts + R"(<route src="a" dst="cloud"><link_ctn id="nope"/></route>)");
  CHECK(link.problems({"a"}) == "SimGrid cannot read it: Link not found: nope\n");
  // Here SimGrid aborts.
  const PlatformFile two_rates(kHosts + R"(<link id="l" bandwidth="1MBps,2MBps" latency="1ms"/>
    <route src="a" dst="cloud"><link_ctn id="l"/></route>)");
  CHECK(two_rates.problems({"a"}) ==
        "SimGrid cannot read it: Non-WIFI links must use only 1 bandwidth.\n");
  const PlatformFile twins(kHosts + R"(<host id="a" speed="1Gf"/>)");
  CHECK(twins.problems({"a"}) ==
        "SimGrid cannot read it: Refusing to create a second host named 'a'.\n");
}

TEST_CASE("a file that asks for more than a machine has is refused in bounded time") {
  const PlatformFile file = PlatformFile::raw(
      "<?xml version='1.0'?>\n<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n"
      "<platform version=\"4.1\"><cluster id=\"c\" prefix=\"n\" suffix=\"\" "
      "radical=\"0-2000000000\" speed=\"1Gf\" bw=\"1MBps\" lat=\"1us\"/></platform>\n");
  CHECK(contains(file.problems({"n1"}, "n0"), "SimGrid cannot read it: "));
}

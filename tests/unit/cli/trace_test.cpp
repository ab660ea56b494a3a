// `edgecut trace` and `edgecut calibrate`.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace edgecut::cli::testing;

TEST_CASE("trace info describes a shipped trace and a file") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,1\n1,3\n"));
  const Ended ended = run(scratch, {"trace", "info", "lte-driving", "t.csv"});
  CHECK(ended.exit_code == 0);
  CHECK(holds(ended.out, "lte-driving"));
  CHECK(holds(ended.out, "t.csv"));
}

TEST_CASE("trace info tells what is wrong with a file and still describes the others") {
  const Scratch scratch;
  scratch.write("empty.csv", std::string());
  scratch.write("bad.csv", std::string("time_s,rate_mbps\n0,1\n1,nan\n"));
  const Ended ended =
      run(scratch, {"trace", "info", "empty.csv", "bad.csv", "missing.csv", "lte-driving"});
  CHECK(ended.exit_code == 2);
  CHECK(holds(ended.err, "empty.csv"));
  CHECK(holds(ended.err, "bad.csv:3"));
  CHECK(holds(ended.err, "missing.csv: no such file"));
  CHECK(holds(ended.out, "lte-driving"));
  CHECK(run(scratch, {"trace", "info", "lte-driving", "--format", "nope"}).exit_code == 2);
}

TEST_CASE("a trace that is neither a file nor shipped is told with the nearest one that ships") {
  const Scratch scratch;
  for (const std::string command : {"info", "transfer"}) {
    CAPTURE(command);
    std::vector<std::string> line = {"trace", command, "lte-drivng"};
    if (command == "transfer") {
      line.insert(line.end(), {"--bytes", "1"});
    }
    const Ended ended = run(scratch, line);
    CHECK(ended.exit_code == 2);
    CHECK(ended.err ==
          "edgecut: lte-drivng: no such file, and no trace that ships is called so, did you mean "
          "\"lte-driving\"?\n");
  }
}

TEST_CASE("trace info tells format and figures as JSON, and counts what it was told to skip") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,1\n1,3\nx,y\n2,0\n"));
  scratch.write("rtt.txt", std::string("2020-04-06 18:54:12.0_51.0,2020-04-06 18:54:12.1_10.0,"
                                       "2020-04-06 18:54:13.387_81.0"));
  CHECK(run(scratch, {"trace", "info", "t.csv", "--json"}).out == "[]\n");
  const Ended ended = run(scratch, {"trace", "info", "t.csv", "rtt.txt", "--json", "--lenient"});
  REQUIRE(ended.exit_code == 0);
  const auto list = nlohmann::json::parse(ended.out);
  REQUIRE(list.size() == 2);
  CHECK(list[0]["file"] == "t.csv");
  CHECK(list[0]["format"] == "csv");
  CHECK(list[0]["duration_s"] == 3);
  CHECK(list[0]["mean_mbps"] == doctest::Approx((1.0 + 3 + 0) / 3));
  CHECK(list[0]["min_mbps"] == 0);
  CHECK(list[0]["max_mbps"] == 3);
  CHECK(list[0]["outage_share"] == doctest::Approx(1.0 / 3));
  CHECK(list[0]["longest_outage_s"] == 1);
  CHECK(list[0].contains("cv"));
  CHECK(list[0].contains("acf1"));
  CHECK(list[0]["rows_skipped"] == 1);
  CHECK(list[1]["format"] == "mecperf-rtt");
  CHECK(list[1]["duration_s"] == 1.387);
  CHECK(list[1]["median_ms"] == 51);  // what the file says, to the last digit
  CHECK(list[1]["max_ms"] == 81);
}

TEST_CASE("trace info draws a panel a file, whole or not at all") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,1\n1,3\n"));
  CHECK(run(scratch, {"trace", "info", "t.csv", "lte-driving", "--plot", "p.svg"}).exit_code == 0);
  const std::string svg = scratch.read("p.svg");
  CHECK(holds(svg, "t.csv (csv): mean 2.00 Mbit/s"));
  CHECK(holds(svg, "lte-driving (csv)"));
  const Ended bad = run(scratch, {"trace", "info", "t.csv", "--plot", "p.pdf"});
  CHECK(bad.exit_code == 2);
  CHECK(holds(bad.err, "p.pdf: a plot ends in .svg or .png"));
  CHECK(bad.out.empty());
}

TEST_CASE("trace convert writes what trace info reads back, in every format that it offers") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,6\n1,3\n2,0\n3,12\n"));
  for (const std::string format : {"csv", "mahimahi", "pairs", "sabre", "simgrid"}) {
    CAPTURE(format);
    const Ended made = run(scratch, {"trace", "convert", "t.csv", "out", "--to", format});
    REQUIRE(made.exit_code == 0);
    CHECK(holds(made.out, "out: " + format + ", from csv"));
    CHECK(holds(made.out, "lost: ") == (format == "mahimahi"));
    const auto list = nlohmann::json::parse(run(scratch, {"trace", "info", "out", "--json"}).out);
    CHECK(list[0]["format"] == format);
    CHECK(list[0]["duration_s"] == doctest::Approx(4));
    CHECK(list[0]["mean_mbps"] == doctest::Approx((6.0 + 3 + 0 + 12) / 4));
  }
  CHECK(run(scratch, {"trace", "convert", "t.csv", "out", "--to", "csv", "--step-s", "2"})
            .exit_code == 0);
  CHECK(scratch.read("out") == "time_s,rate_mbps\n0,4.5\n2,6\n");
}

TEST_CASE("trace convert leaves nothing behind when the input is damaged") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,6\n1,x\n2,3\n"));
  const Ended ended = run(scratch, {"trace", "convert", "t.csv", "out", "--to", "csv"});
  CHECK(ended.exit_code == 2);
  CHECK(holds(ended.err, "t.csv:3: rate \"x\""));
  CHECK(scratch.names() == std::vector<std::string>{"t.csv"});
  CHECK(run(scratch, {"trace", "convert", "t.csv", "out", "--to", "lumos"}).exit_code == 2);
  const Ended lenient =
      run(scratch, {"trace", "convert", "t.csv", "out", "--to", "csv", "--lenient"});
  CHECK(lenient.exit_code == 0);
  CHECK(holds(lenient.out, "1 damaged rows of t.csv"));
}

TEST_CASE("trace convert writes into standard output and pipes, and leaves links as they are") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,6\n1,3\n"));
  const std::string text = "time_s,rate_mbps\n0,6\n1,3\n";
  std::filesystem::create_symlink("/proc/self/fd/1", scratch.path() / "stdout");
  for (const std::string out : {"/proc/self/fd/1", "stdout"}) {
    CAPTURE(out);
    const Ended ended = run(scratch, {"trace", "convert", "t.csv", out, "--to", "csv"});
    CHECK(ended.exit_code == 0);
    CHECK(ended.out == text);
    CHECK(ended.err == out + ": csv, from csv\n");
  }
  const Ended made = run(scratch, {"trace", "generate", "--preset", "lte", "--out", "stdout"});
  CHECK(made.out == run(scratch, {"trace", "generate", "--preset", "lte"}).out);
  CHECK(holds(made.err, "stdout: mean "));
  std::filesystem::create_symlink("there.csv", scratch.path() / "link.csv");
  CHECK(run(scratch, {"trace", "convert", "t.csv", "link.csv", "--to", "csv"}).exit_code == 0);
  CHECK(scratch.read("there.csv") == text);
  CHECK(scratch.names() == std::vector<std::string>{"link.csv", "stdout", "t.csv", "there.csv"});
}

TEST_CASE("round trips in place of a bandwidth trace, and the reverse, are told in one line") {
  const Scratch scratch;
  scratch.write("rtt.txt", std::string("2020-04-06 18:54:12.0_30.0,2020-04-06 18:54:12.1_10.0"));
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,6\n1,3\n"));
  const std::string found = "rtt.txt: recorded round trips (mecperf-rtt); expected a bandwidth ";
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{"trace", "convert", "rtt.txt", "out", "--to", "csv"},
                                             {"trace", "transfer", "rtt.txt", "--bytes", "1"}}) {
    const Ended ended = run(scratch, line);
    CHECK(ended.exit_code == 2);
    CHECK(ended.err == "edgecut: " + found + "trace\n");
  }
  auto scenario = fleet();
  scenario["fleet"][0]["trace"] = "rtt.txt";
  scratch.write("trace.json", scenario);
  scenario = fleet();
  scenario["fleet"][0]["round_trip_ms"] = "t.csv";
  scratch.write("trips.json", scenario);
  const std::string no_trips = "t.csv: no recorded round trips, it begins with \"time_s\"";
  for (const auto& mistake : {std::pair{"trace.json", found}, {"trips.json", no_trips}}) {
    CAPTURE(mistake.first);
    const Ended ended = run(scratch, {"run", mistake.first});
    CHECK(ended.exit_code == 2);
    CHECK(holds(ended.err, mistake.second));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  }
}

TEST_CASE("trace transfer tells when the last bit is through, across outages and the wrap") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,8\n1,0\n2,4\n"));
  const auto end_of = [&](const std::string& bytes, const std::string& at) {
    const Ended ended =
        run(scratch, {"trace", "transfer", "t.csv", "--bytes", bytes, "--at", at, "--json"});
    REQUIRE(ended.exit_code == 0);
    return nlohmann::json::parse(ended.out)["end_s"].get<double>();
  };
  const double mega = 1e6;  // bytes: 8 Mbit
  CHECK(end_of("500000", "0") == doctest::Approx(0.5 * mega * 8 / 8e6));
  CHECK(end_of("1250000", "0") == doctest::Approx(2 + 0.25 * mega * 8 / 4e6));
  CHECK(end_of("1000000", "2.5") == doctest::Approx(3 + (mega * 8 - 0.5 * 4e6) / 8e6));
  CHECK(end_of("0", "7") == 7);
  const Ended text = run(scratch, {"trace", "transfer", "t.csv", "--bytes", "500000"});
  CHECK(holds(text.out, "500000 bytes from 0 s on: through at 0.5 s, after 0.5 s (8.000 Mbit/s)"));
  CHECK(run(scratch, {"trace", "transfer", "t.csv", "--bytes", "-1"}).exit_code == 2);
  CHECK(run(scratch, {"trace", "transfer", "t.csv", "--bytes", "1", "--at", "nan"}).exit_code == 2);
  scratch.write("dead.csv", std::string("time_s,rate_mbps\n0,0\n1,0\n"));
  const Ended dead = run(scratch, {"trace", "transfer", "dead.csv", "--bytes", "1"});
  CHECK(dead.exit_code == 2);
  CHECK(holds(dead.err, "zero for ever"));
}

TEST_CASE("trace generate makes the same trace from the same seed, on stdout and in a file") {
  const Scratch scratch;
  const std::vector<std::string> line = {"trace", "generate",     "--preset",
                                         "lte",   "--duration-s", "120"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), line.begin(), line.end());
    return run(scratch, more);
  };
  const Ended first = with({});
  CHECK(first.exit_code == 0);
  CHECK(first.out == with({}).out);
  CHECK(first.out != with({"--seed", "2"}).out);
  CHECK(with({"--out", "t.csv"}).exit_code == 0);
  CHECK(scratch.read("t.csv") == first.out);
  CHECK(run(scratch, {"trace", "info", "t.csv"}).exit_code == 0);
}

TEST_CASE("trace generate refuses what is out of range and writes nothing") {
  const Scratch scratch;
  const std::vector<std::vector<std::string>> bad = {{},
                                                     {"--preset", "nope"},
                                                     {"--preset", "lte", "--cv", "-1"},
                                                     {"--preset", "lte", "--cv", "1e9"},
                                                     {"--preset", "lte", "--cv", "nan"},
                                                     {"--preset", "lte", "--duration-s", "0"},
                                                     {"--preset", "lte", "--duration-s", "nan"},
                                                     {"--preset", "lte", "--duration-s", "1e300"},
                                                     {"--preset", "lte", "--step-s", "0"},
                                                     {"--preset", "lte", "--outage-share", "1"},
                                                     {"--preset", "lte", "--autocorrelation", "2"},
                                                     {"--preset", "lte", "--seed", "-1"},
                                                     {"--mean-mbps", "nan"},
                                                     {"--mean-mbps", "0"},
                                                     {"--mean-mbps", "1e999"}};
  for (auto line : bad) {
    const std::string last = line.empty() ? "nothing" : line.back();
    CAPTURE(last);
    line.insert(line.begin(), {"trace", "generate", "--out", "t.csv"});
    const Ended ended = run(scratch, line);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(!ended.err.empty());
    CHECK(scratch.names().empty());
  }
  const Ended nowhere =
      run(scratch, {"trace", "generate", "--preset", "lte", "--out", "no/such/folder/t.csv"});
  CHECK(nowhere.exit_code == 2);
  CHECK(holds(nowhere.err, "no/such/folder"));
}

TEST_CASE("an unknown preset is told with those that there are") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"trace", "generate", "--preset", "lte-drivin"});
  CHECK(holds(ended.err, "did you mean \"lte-driving\"?"));
}

TEST_CASE("calibrate makes the cost models that ship, byte for byte") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"calibrate", "--out", "models"});
  REQUIRE(ended.exit_code == 0);
  const std::filesystem::path shipped =
      std::filesystem::path(EDGECUT_SOURCE_DIR) / "predictors/models";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shipped)) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    CHECK(scratch.read("models/" + name) == text);
    ++count;
  }
  CHECK(scratch.names("models").size() == count);
}

TEST_CASE("calibrate refuses tables that are not there and a place that cannot be written") {
  const Scratch scratch;
  scratch.write("file", std::string("x"));
  CHECK(run(scratch, {"calibrate", "--tables", "none", "--out", "m"}).exit_code == 2);
  CHECK(run(scratch, {"calibrate", "--out", "file/m"}).exit_code == 2);
}

#include "campaigns/campaign.hpp"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include "campaigns/local_crew.hpp"
#include "campaigns/point_store.hpp"
#include "results/output_folder.hpp"
#include "scenarios/shared_inputs.hpp"
#include "support.hpp"

using namespace edgecut::campaigns;
using namespace edgecut::campaigns::testing;
using edgecut::testing::TempFolder;
using namespace std::chrono_literals;

namespace {

Campaign campaign_of(const json& document, const TempFolder& folder) {
  Campaign campaign;
  campaign.sweep = read(document, folder);
  campaign.program = "test";
  campaign.folder = folder.path() / "out";
  return campaign;
}

PointReport run_point(const Campaign& campaign, std::uint64_t point) {
  const std::atomic<bool> cancelled{false};
  edgecut::scenarios::SharedInputs shared;
  return PointRunner(campaign, shared, cancelled).run({point});
}

}  // namespace

TEST_CASE("shards have every point once") {
  const TempFolder folder;
  Campaign campaign = campaign_of(
      testing::sweep({{{"pointer", "/seed"}, {"from", 1}, {"to", 23}, {"count", 23}}}), folder);
  for (const std::uint64_t count : {1U, 2U, 5U, 23U, 40U}) {
    std::vector<int> times(23);
    for (std::uint64_t index = 0; index < count; ++index) {
      campaign.shard = {index, count};
      for (std::uint64_t k = 0; k < campaign.size(); ++k) {
        ++times[campaign.point(k)];
      }
    }
    CHECK(times == std::vector<int>(23, 1));
  }
}

TEST_CASE(
    "a point is kept until its scenario, a file that it reads, the cap or the program changes") {
  const TempFolder folder;
  folder.write("gaps.cdf", "0 0\n1 0.5\n2 1\n");
  json document = testing::sweep({axis("/seed", {1})});
  document["base"]["workload"]["arrivals"] = {
      {"process", "cdf"}, {"file", "gaps.cdf"}, {"rate_per_s", 10}};
  Campaign campaign = campaign_of(document, folder);
  CHECK(run_point(campaign, 0).ending == Ending::kRan);
  CHECK(run_point(campaign, 0).ending == Ending::kKept);

  SUBCASE("a file") { folder.write("gaps.cdf", "0 0\n1 0.25\n2 1\n"); }
  SUBCASE("the program") { campaign.program = "another"; }
  SUBCASE("the cap") { campaign.queries = 100; }
  SUBCASE("the scenario") {
    document["base"]["cloud"]["gpus"] = 2;
    campaign.sweep = read(document, folder);
  }
  CHECK(run_point(campaign, 0).ending == Ending::kRan);
  CHECK(run_point(campaign, 0).ending == Ending::kKept);
}

TEST_CASE("points keep their files when axes are added or extended") {
  const TempFolder folder;
  json document = testing::sweep({axis("/seed", {1, 2})});
  document["base"]["cloud"]["gpus"] = 1;
  Campaign campaign = campaign_of(document, folder);
  CHECK(run_point(campaign, 1).ending == Ending::kRan);
  document["axes"] = {axis("/cloud/gpus", {1, 2}), axis("/seed", {3, 1, 2})};
  campaign.sweep = read(document, folder);
  CHECK(axis_cells(campaign.sweep, 2) == std::vector<std::string>{"1", "2"});
  CHECK(run_point(campaign, 2).ending == Ending::kKept);
  CHECK(run_point(campaign, 0).ending == Ending::kRan);
}

TEST_CASE("a failed point is recorded with its message and tried again") {
  const TempFolder folder;
  const Campaign campaign = campaign_of(testing::sweep({axis("/cloud/gpus", {1, -3})}), folder);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const PointReport report = run_point(campaign, 1);
    CHECK(report.ending == Ending::kRan);
    CHECK(report.status == PointStatus::kFailed);
  }
  const auto record =
      PointStore(campaign.folder).find(identity_of(campaign, resolve(campaign.sweep, 1)));
  REQUIRE(record);
  CHECK(contains(record->message, "sweep.json#/cloud/gpus"));
  CHECK(contains(record->message, "-3"));
}

TEST_CASE("a record reads back as it was, line ends in fields and all") {
  PointRecord record;
  record.program = "p";
  record.key = "k";
  record.status = PointStatus::kOverloaded;
  record.message = "a \"b\"\\";
  record.uplink_mean_mbps = 0.1;
  record.tables["t.csv"] = csv_records("h,i\n\"two\nlines\",2\n");
  CHECK(record.tables["t.csv"] == std::vector<std::string>{"h,i", "\"two\nlines\",2"});
  const auto again = record_from_text(record_text(record));
  REQUIRE(again);
  CHECK(record_text(*again) == record_text(record));
  for (const std::string& damaged :
       {std::string(), std::string("{}"), record_text(record).substr(9)}) {
    CHECK(!record_from_text(damaged));
  }
}

TEST_CASE("a base that is wrong in itself is refused at once, a bad value at one point is not") {
  const TempFolder folder;
  edgecut::scenarios::SharedInputs shared;
  const auto refusal = [&](const json& document) -> std::string {
    try {
      check_base(campaign_of(document, folder), shared);
    } catch (const edgecut::base::ConfigError& error) {
      return error.what();
    }
    return "";
  };
  CHECK(refusal(testing::sweep({axis("/cloud/gpus", {1, -1})})).empty());
  CHECK(refusal(testing::sweep({axis("/cloud/gpus", {-1, 1})})).empty());
  CHECK(contains(refusal(testing::sweep({axis("/cloud/gqus", {1, 2})})),
                 "sweep.json#/cloud/gqus: unknown key, did you mean \"gpus\""));
  json broken = testing::sweep({axis("/seed", {1, 2})});
  broken["base"].erase("policies");
  CHECK(contains(refusal(broken), "missing key \"policies\""));
}

TEST_CASE("campaign.json says all that a merge needs") {
  const TempFolder folder;
  json document = testing::sweep({axis("/seed", {1, 2, 3})});
  document["base"]["stop"]["queries"] = 200.0;  // written as 200
  Campaign campaign = campaign_of(document, folder);
  campaign.queries = 50;
  campaign.shard = {1, 2};
  std::filesystem::create_directories(campaign.folder);
  folder.write("out/campaign.json", description_text(campaign));
  const Campaign again = read_description(campaign.folder);
  CHECK(description_text(again) == description_text(campaign));
  for (std::uint64_t point = 0; point < 3; ++point) {
    CHECK(identity_of(again, resolve(again.sweep, point)) ==
          identity_of(campaign, resolve(campaign.sweep, point)));
  }
}

TEST_CASE("a folder is one program's at a time, and only a campaign's") {
  const TempFolder folder;
  {
    const FolderLock lock(folder.path() / "new");
    CHECK_THROWS_WITH_AS(FolderLock(folder.path() / "new"), doctest::Contains("another edgecut"),
                         edgecut::results::OutputError);
  }
  CHECK_NOTHROW(FolderLock(folder.path() / "new"));
  folder.write("thesis.tex", "years of work");
  CHECK_THROWS_WITH_AS(FolderLock(folder.path()), doctest::Contains("not of a campaign"),
                       edgecut::results::OutputError);
  CHECK_THROWS_AS(FolderLock(folder.path() / "thesis.tex"), edgecut::results::OutputError);
}

TEST_CASE("a worker that crashes loses its point only, and points come back in order") {
  const auto job = [](const Task& task, const std::atomic<bool>&) {
    if (task.point == 2) {
      kill(getpid(), SIGKILL);
    }
    PointReport report;
    report.task = task;
    report.message = "pid " + std::to_string(getpid());
    report.used_up = task.point == 4;
    return report;
  };
  LocalCrew crew(1, job);
  for (std::uint64_t point = 1; point <= 6; ++point) {
    crew.give(0, {point});
  }
  std::vector<PointReport> reports;
  while (reports.size() < 6) {
    const auto report = crew.next(10s);
    REQUIRE(report);
    reports.push_back(report->report);
    CHECK(reports.back().task.point == reports.size());
  }
  CHECK(reports[1].ending == Ending::kCrashed);
  CHECK(contains(reports[1].message, "crashed: signal 9"));
  CHECK(reports[0].message != reports[2].message);  // after the crash: a new process
  CHECK(reports[2].message == reports[3].message);
  CHECK(reports[3].message != reports[4].message);  // after one that is used up: a new process
  CHECK(reports[4].message == reports[5].message);
}

TEST_CASE("cancelled workers still answer for every point") {
  const auto job = [](const Task&, const std::atomic<bool>& cancelled) {
    PointReport report;
    while (!cancelled) {
      std::this_thread::sleep_for(1ms);
    }
    report.ending = Ending::kCancelled;
    return report;
  };
  LocalCrew crew(2, job);
  for (const std::size_t worker : {0U, 1U, 1U}) {
    crew.give(worker, {worker});
  }
  CHECK(!crew.next(20ms));
  crew.cancel();
  for (int i = 0; i < 3; ++i) {
    const auto report = crew.next(10s);
    REQUIRE(report);
    CHECK(report->report.ending == Ending::kCancelled);
  }
}

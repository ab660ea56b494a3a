#include "campaigns/point_runner.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "results/output_folder.hpp"
#include "scenarios/policy_row.hpp"
#include "scenarios/radio_rows.hpp"
#include "scenarios/report.hpp"

namespace edgecut::campaigns {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Mean over the nodes of their trace's mean rate.
std::optional<double> uplink_mean_mbps(const sim::RunModel& model) {
  double sum = 0;
  for (const sim::NodeGroup& group : model.groups) {
    if (group.instant_uplink) {
      return std::nullopt;
    }
    double rates = 0;
    for (const auto& trace : group.traces) {
      rates += base::in_megabits_per_s(trace->mean_rate());
    }
    sum += group.count * rates / static_cast<double>(group.traces.size());
  }
  return sum / model.nodes();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += (text.empty() ? "" : "; ") + line;
  }
  return text;
}

PointRecord make_record(const scenarios::Scenario& scenario,
                        const std::vector<scenarios::PolicyResult>& results) {
  PointRecord record;
  record.status = PointStatus::kDone;
  if (scenarios::any_overloaded(results) && !scenario.allow_overload) {
    record.status = PointStatus::kOverloaded;
    record.message = joined(scenarios::overload_messages(scenario, results));
  } else if (scenarios::any_unconverged(results)) {
    record.status = PointStatus::kNotConverged;
    record.message = "the precision asked for was not reached within stop.queries_max";
  }
  record.uplink_mean_mbps = uplink_mean_mbps(scenario.model);
  record.tables["throughput.csv"] = csv_records(scenarios::throughput_csv(scenario, results));
  record.tables["cuts.csv"] = csv_records(scenarios::cuts_csv(scenario, results));
  record.tables["stages.csv"] = csv_records(scenarios::stages_csv(scenario, results));
  record.tables["radio.csv"] = csv_records(scenarios::radio_csv(scenario, results));
  record.tables["power.csv"] = csv_records(scenarios::power_csv(scenario, results));
  return record;
}

// Engines other than ours may run once a process, and need not survive a failure.
bool runs_once(const nlohmann::json& document) {
  const auto engine = document.find("engine");
  return engine != document.end() && *engine != "queueing";
}

}  // namespace

PointRecord failure_record(const Campaign& campaign, const std::string& message) {
  PointRecord record;
  record.program = campaign.program;
  record.status = PointStatus::kFailed;
  record.message = message;
  std::replace(record.message.begin(), record.message.end(), '\n', ' ');
  return record;
}

// A replication of every policy; kept already when a program before this one got so far.
void PointRunner::run_part(const scenarios::Scenario& scenario, const base::ContentHash& identity,
                           const std::string& key, std::uint32_t part) {
  if (part < scenario.replications && !store_.find_part(identity, key, part)) {
    store_.put_part(identity, key, part, scenarios::run_replication(scenario, part, &cancelled_));
  }
}

std::vector<scenarios::PolicyResult> PointRunner::run_whole(const scenarios::Scenario& scenario,
                                                            const base::ContentHash& identity,
                                                            const std::string& key) {
  scenarios::RunnerOptions options;
  options.cancelled = &cancelled_;
  if (scenario.replications == 1) {
    return scenarios::run_policies(scenario, options);
  }
  std::vector<std::vector<sim::RunOutcome>> by_policy(scenario.policies.size());
  for (std::uint32_t part = 0; part < scenario.replications; ++part) {
    auto outcomes = store_.find_part(identity, key, part);
    if (!outcomes || outcomes->size() != by_policy.size()) {
      outcomes = scenarios::run_replication(scenario, part, &cancelled_);
    }
    for (std::size_t i = 0; i < by_policy.size(); ++i) {
      by_policy[i].push_back(std::move((*outcomes)[i]));
    }
  }
  return scenarios::join_replications(scenario, std::move(by_policy));
}

PointReport PointRunner::run_or_throw(const Task& task, const nlohmann::json& document,
                                      const base::ContentHash& identity) {
  PointReport report;
  report.task = task;
  const base::FileReads reads;
  const scenarios::Scenario scenario = read_point(campaign_, document, shared_);
  const std::string key = key_of(campaign_, identity, reads.list());
  if (const auto kept = store_.find(identity); kept && kept->key == key) {
    report.ending = Ending::kKept;
    report.status = kept->status;
    return report;
  }
  const auto start = Clock::now();
  if (!task.is_whole()) {
    run_part(scenario, identity, key, task.part);
    report.simulation_s = seconds_since(start);
    report.status = PointStatus::kDone;
    return report;
  }
  const auto results = run_whole(scenario, identity, key);
  report.simulation_s = seconds_since(start);
  PointRecord record = make_record(scenario, results);
  record.program = campaign_.program;
  record.key = key;
  store_.put(identity, record);
  store_.remove_parts(identity, scenario.replications);
  report.status = record.status;
  return report;
}

PointReport PointRunner::run(const Task& task) {
  const auto start = Clock::now();
  PointReport report;
  report.task = task;
  try {
    const nlohmann::json document = resolve(campaign_.sweep, task.point);
    const base::ContentHash identity = identity_of(campaign_, document);
    std::string failure;
    try {
      report = run_or_throw(task, document, identity);
    } catch (const results::OutputError&) {
      throw;
    } catch (const sim::Cancelled&) {
      report.ending = Ending::kCancelled;
    } catch (const std::bad_alloc&) {
      failure = "out of memory";
    } catch (const std::exception& error) {
      failure = error.what();
    }
    report.used_up = report.ending != Ending::kKept && runs_once(document);
    if (!failure.empty() && task.is_whole()) {
      store_.put(identity, failure_record(campaign_, failure));
    }
  } catch (const std::exception& error) {
    report.ending = Ending::kUnusable;
    report.message = error.what();
  }
  report.wall_s = seconds_since(start);
  return report;
}

}  // namespace edgecut::campaigns

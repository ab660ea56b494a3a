#include "scenarios/cloud_reader.hpp"

#include <string>
#include <vector>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "platforms/device.hpp"
#include "predictors/calibrated_model.hpp"
#include "scenarios/cost_resolver.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::scenarios {
namespace {

namespace fs = std::filesystem;
using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr double kGpusMax = 1e5;     // of a server
constexpr double kServersMax = 1e6;  // of a cluster
constexpr double kGpusOfAllMax = 1e7;
constexpr double kTimeMaxS = 1e9;

// A batch of rows through one fully connected layer: the load generator's kernel.
base::Duration kernel_time(const JsonValue& value, const std::string& server,
                           const fs::path& directory) {
  JsonObject object = value.object();
  const Range range = Range::between(1, 1e6);
  const auto rows = object.integer_or("batch", 1024, range);
  const auto inputs = object.integer_or("inputs", 1024, range);
  const auto outputs = object.integer_or("outputs", 1024, range);
  object.finish();
  if (server.empty()) {
    value.problem("needs a \"server\", whose cost model says how long it takes; or give kernel_s");
    return base::seconds(1);
  }
  if (!value.problems().empty()) {
    return base::seconds(1);
  }
  const nlohmann::json network = {
      {"name", "background kernel"},
      {"input", {{"batch", rows}, {"channels", inputs}, {"size_bytes", 4 * rows * inputs}}},
      {"layers", {{{"name", "kernel"}, {"type", "fully_connected"}, {"outputs", outputs}}}}};
  const workloads::Dnn dnn =
      workloads::read_model(base::JsonDocument::from_text(network.dump(), value.where()));
  const platforms::Device device = platforms::find_device(server, directory, value.where());
  return predictors::find_cost_model(device.cost_model, device.directory, value.where())
      ->cost(dnn, 0)
      .time;
}

sim::BackgroundLoad read_background(const JsonValue& value, const std::string& server,
                                    const fs::path& directory) {
  JsonObject object = value.object();
  sim::BackgroundLoad load;
  const auto kernel = object.find("kernel");
  const auto kernel_s = object.optional_number("kernel_s", Range::between(1e-6, 1e6));
  if (kernel.has_value() == kernel_s.has_value()) {
    value.problem(
        "expected either \"kernel\" (a fully connected layer) or \"kernel_s\" (its time)");
  } else {
    load.kernel = kernel ? kernel_time(*kernel, server, directory) : base::seconds(*kernel_s);
  }
  for (const JsonValue& one : object.array("steps", 1)) {
    JsonObject step = one.object();
    const double from_s = step.number("from_s", Range::between(0, 1e12));
    const auto processes = step.integer("processes", Range::between(0, 1000));
    step.finish();
    if (!load.steps.empty() && base::seconds(from_s) <= load.steps.back().from) {
      one.problem("from_s " + base::format_number(from_s) + " is not after the step before it");
    }
    load.steps.push_back({base::seconds(from_s), static_cast<std::uint32_t>(processes)});
  }
  object.finish();
  return load;
}

sim::BatchRule read_batching(const JsonValue& value) {
  JsonObject object = value.object();
  sim::BatchRule rule;
  rule.size_max = static_cast<std::uint32_t>(object.integer("size_max", Range::between(1, 4096)));
  rule.wait_max = base::seconds(object.number_or("wait_max_s", 0, Range::between(0, 1e6)));
  object.finish();
  return rule;
}

// The keys of one kind of server, wherever they stand.
sim::ServerKind read_server(const JsonValue& value, JsonObject& object, const fs::path& directory,
                            SharedInputs& inputs, bool needs_server) {
  sim::ServerKind kind;
  const auto server = needs_server ? object.require("server") : object.find("server");
  if (server) {
    kind.server = server->string();
    try {
      find_shared_device(kind.server, directory, server->where(), inputs);
    } catch (const base::ConfigError& error) {
      value.problems().add(error);
    }
  }
  kind.count =
      static_cast<std::uint32_t>(object.integer_or("count", 1, Range::between(1, kServersMax)));
  kind.gpus = static_cast<std::uint32_t>(object.integer_or("gpus", 1, Range::between(1, kGpusMax)));
  kind.discipline = static_cast<sim::Discipline>(
      object.one_of_or("discipline", {"fifo", "time-slicing", "batching"}, 0));
  if (const auto limit = object.find("admission_limit")) {
    kind.admission_limit = static_cast<std::uint32_t>(limit->integer(Range::between(1, 1e9)));
  }
  const bool slices = kind.discipline == sim::Discipline::kTimeSlicing;
  const bool batches = kind.discipline == sim::Discipline::kBatching;
  const auto only_with = [](const JsonValue& key, bool right, const std::string& discipline) {
    if (!right) {
      key.problem("only with \"discipline\": \"" + discipline + "\"");
    }
  };
  if (slices && kind.gpus > 1) {
    value.problem("a time-sliced server has one GPU, got gpus " + std::to_string(kind.gpus) +
                  ": give \"count\" for several servers");
  }
  const auto batching = batches ? object.require("batching") : object.find("batching");
  if (batching) {
    only_with(*batching, batches, "batching");
    kind.batching = read_batching(*batching);
  }
  if (const auto slice = object.find("job_slice_s")) {
    only_with(*slice, slices, "time-slicing");
    kind.job_slice = base::seconds(slice->number(Range::between(1e-6, 1e6)));
  }
  if (const auto background = object.find("background")) {
    only_with(*background, slices, "time-slicing");
    kind.background = read_background(*background, kind.server, directory);
  }
  return kind;
}

void read_servers(const JsonValue& value, JsonObject& cloud, const fs::path& directory,
                  SharedInputs& inputs, Scenario& scenario) {
  sim::Cluster& cluster = scenario.model.cluster;
  const bool needs_server = scenario.model.any_dnn();
  const auto list = cloud.find("servers");
  cluster.kinds.clear();
  if (!list) {
    cluster.kinds.push_back(read_server(value, cloud, directory, inputs, needs_server));
  } else {
    for (const std::string key : {"server", "count", "gpus", "discipline", "batching",
                                  "job_slice_s", "admission_limit", "background"}) {
      if (const auto other = cloud.find(key)) {
        other->problem("stands inside each of \"servers\" when there is such a list");
      }
    }
    for (const JsonValue& one : list->array(1)) {
      JsonObject object = one.object();
      cluster.kinds.push_back(read_server(one, object, directory, inputs, needs_server));
      object.finish();
    }
  }
  double servers = 0;
  double gpus = 0;
  for (const sim::ServerKind& kind : cluster.kinds) {
    servers += kind.count;
    gpus += static_cast<double>(kind.count) * kind.gpus;
  }
  if (servers > kServersMax || gpus > kGpusOfAllMax) {
    value.problem("at most " + base::format_number(kServersMax) + " servers and " +
                  base::format_number(kGpusOfAllMax) + " GPUs in all, got " +
                  base::format_number(servers) + " and " + base::format_number(gpus));
  }
}

void read_load(const JsonValue& value, sim::Cluster& cluster) {
  JsonObject object = value.object();
  cluster.load_signal = static_cast<sim::LoadSignal>(
      object.one_of_or("signal", {"wait", "turn", "processes", "utilisation", "price"}, 0));
  cluster.load_poll_interval =
      base::seconds(object.number("poll_interval_s", Range::between(1e-4, kTimeMaxS)));
  cluster.load_delay = base::seconds(object.number_or("delay_s", 0, Range::between(0, kTimeMaxS)));
  object.finish();
}

}  // namespace

void read_cloud(JsonObject& root, const fs::path& directory, SharedInputs& inputs,
                Scenario& scenario) {
  const auto value = root.require("cloud");
  if (!value) {
    return;
  }
  JsonObject object = value->object();
  sim::Cluster& cluster = scenario.model.cluster;
  read_servers(*value, object, directory, inputs, scenario);
  cluster.dispatch = static_cast<sim::Dispatch>(
      object.one_of_or("dispatch", {"random", "round-robin", "shortest-queue", "power-of-two"}, 0));
  const auto interval = object.find("load_poll_interval_s");
  const auto load = object.find("load");
  if (interval && load) {
    load->problem("give either \"load\" or \"load_poll_interval_s\", not both");
  }
  if (interval) {
    cluster.load_poll_interval = base::seconds(interval->number(Range::between(1e-4, kTimeMaxS)));
  }
  if (load) {
    read_load(*load, cluster);
  }
  object.finish();
  scenario.resolved["cloud"] = value->raw();
}

}  // namespace edgecut::scenarios

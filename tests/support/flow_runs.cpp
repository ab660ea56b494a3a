#include "support/flow_runs.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "sim/child_process.hpp"
#include "sim/simgrid_network.hpp"

namespace edgecut::testing {
namespace {

class Recorder final : public sim::FlowSink {
 public:
  Recorder(sim::FlowNetwork& network, const std::vector<FlowStart>& starts, FlowRun& run)
      : network_(network), starts_(starts), run_(run) {}

  void begin(std::size_t i, base::Duration now) {
    const FlowStart& start = starts_[i];
    run_.begins[i] = base::in_seconds(now);
    network_.start({static_cast<std::uint32_t>(i), start.node, start.direction, start.size}, now);
  }
  void flow_ended(std::uint32_t handle, base::Duration at) override {
    run_.ends[handle] = base::in_seconds(at);
    run_.order.push_back(handle);
    for (const std::size_t next : starts_[handle].then) {
      begin(next, at);
    }
  }

 private:
  sim::FlowNetwork& network_;
  const std::vector<FlowStart>& starts_;
  FlowRun& run_;
};

template <class Number>
void append(std::string& bytes, const std::vector<Number>& numbers) {
  const std::uint64_t count = numbers.size();
  bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
  bytes.append(reinterpret_cast<const char*>(numbers.data()), count * sizeof(Number));
}

template <class Number>
std::vector<Number> take(const std::string& bytes, std::size_t& place) {
  std::uint64_t count = 0;
  std::memcpy(&count, bytes.data() + place, sizeof count);
  std::vector<Number> numbers(count);
  std::memcpy(numbers.data(), bytes.data() + place + sizeof count, count * sizeof(Number));
  place += sizeof count + count * sizeof(Number);
  return numbers;
}

}  // namespace

FlowRun run_flows(sim::FlowNetwork& network, const std::vector<FlowStart>& starts,
                  base::Duration until) {
  FlowRun run;
  run.begins.assign(starts.size(), -1);
  run.ends.assign(starts.size(), -1);
  Recorder recorder(network, starts, run);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (!starts[i].chained && starts[i].at < until) {
      network.run(starts[i].at, recorder);
      recorder.begin(i, starts[i].at);
    }
  }
  network.run(until, recorder);
  run.under_way = network.under_way();
  return run;
}

FlowRun run_simgrid_flows(const sim::FlowNetworkModel& model, const std::vector<FlowStart>& starts,
                          base::Duration until) {
  sim::load_simgrid();
  const std::string bytes = sim::run_in_child([&] {
    const std::unique_ptr<sim::FlowNetwork> network = sim::make_simgrid_network(model);
    const FlowRun run = run_flows(*network, starts, until);
    std::string result;
    append(result, run.begins);
    append(result, run.ends);
    append(result, run.order);
    append(result, std::vector<std::uint64_t>{run.under_way});
    return result;
  });
  FlowRun run;
  std::size_t place = 0;
  run.begins = take<double>(bytes, place);
  run.ends = take<double>(bytes, place);
  run.order = take<std::uint32_t>(bytes, place);
  run.under_way = take<std::uint64_t>(bytes, place).at(0);
  return run;
}

}  // namespace edgecut::testing

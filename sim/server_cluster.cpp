#include "sim/server_cluster.hpp"

#include <algorithm>
#include <array>

namespace edgecut::sim {
namespace {

// A GPU that was busy all the time would slow queries down without end.
constexpr double kUtilisationMax = 0.99;

bool looks_at_queues(Dispatch dispatch) {
  return dispatch == Dispatch::kShortestQueue || dispatch == Dispatch::kPowerOfTwo;
}

}  // namespace

ServerCluster::ServerCluster(const Cluster& model, const std::vector<ServerTables>& tables,
                             const base::RandomSource& source)
    : model_(model), tables_(tables), source_(source) {
  immediate_ = true;
  first_gpu_.push_back(0);
  const bool counted = looks_at_queues(model.dispatch) || model.load_poll_interval.has_value();
  for (std::uint32_t k = 0; k < model.kinds.size(); ++k) {
    const ServerKind& kind = model.kinds[k];
    immediate_ = immediate_ && kind.discipline == Discipline::kFifo;
    first_gpu_.push_back(first_gpu_.back() + std::size_t{kind.count} * kind.gpus);
    for (std::uint32_t i = 0; i < kind.count; ++i) {
      servers_.push_back(make_server(kind, tables[k], counted));
      kind_of_.push_back(k);
    }
  }
  ends_.resize(servers_.size());
  busy_.resize(servers_.size());
}

ServerJob ServerCluster::job_at(const ClusterJob& job, std::size_t server) const {
  const bool drawn = job.drawn > base::seconds(0);
  const base::Duration service = drawn ? job.drawn : tables_[kind_of_[server]].service[job.work];
  return {job.time, service, job.work, job.handle};
}

// The server of a GPU drawn from all.
std::size_t ServerCluster::random_server(double uniform) const {
  const auto gpus = static_cast<double>(first_gpu_.back());
  const std::size_t gpu = std::min(static_cast<std::size_t>(uniform * gpus), first_gpu_.back() - 1);
  std::size_t first_server = 0;
  std::size_t kind = 0;
  for (; gpu >= first_gpu_[kind + 1]; ++kind) {
    first_server += model_.kinds[kind].count;
  }
  return first_server + (gpu - first_gpu_[kind]) / model_.kinds[kind].gpus;
}

// The server of every job, where no queue is looked at.
void ServerCluster::choose_blindly(std::span<const ClusterJob> jobs) {
  choices_.resize(jobs.size());
  if (model_.dispatch == Dispatch::kRoundRobin) {
    for (std::uint32_t& choice : choices_) {
      choice = static_cast<std::uint32_t>(next_in_turn_++ % servers_.size());
    }
    return;
  }
  constexpr std::size_t kBlock = 256;
  std::array<std::uint32_t, kBlock> nodes;
  std::array<std::uint32_t, kBlock> numbers;
  std::array<double, kBlock> first;
  std::array<double, kBlock> second;
  for (std::size_t begin = 0; begin < jobs.size(); begin += kBlock) {
    const auto block = jobs.subspan(begin, std::min(kBlock, jobs.size() - begin));
    const std::size_t size = block.size();
    for (std::size_t i = 0; i < size; ++i) {
      nodes[i] = block[i].node;
      numbers[i] = block[i].number;
    }
    source_.fill_uniforms(base::Purpose::kDispatch, std::span(nodes).first(size),
                          std::span(numbers).first(size), std::span(first).first(size),
                          std::span(second).first(size));
    for (std::size_t i = 0; i < size; ++i) {
      choices_[begin + i] = static_cast<std::uint32_t>(random_server(first[i]));
    }
  }
}

bool ServerCluster::shorter(std::size_t a, std::size_t b, base::Duration now) const {
  const auto present_a = std::uint64_t{servers_[a]->present(now)};
  const auto present_b = std::uint64_t{servers_[b]->present(now)};
  return present_a * model_.kinds[kind_of_[b]].gpus < present_b * model_.kinds[kind_of_[a]].gpus;
}

std::size_t ServerCluster::shortest(base::Duration now, ServerOutput& output) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    if (!immediate_) {
      servers_[i]->run({}, now, output);
    }
    if (i > 0 && shorter(i, best, now)) {
      best = i;
    }
  }
  return best;
}

std::size_t ServerCluster::shorter_of_two(const ClusterJob& job, ServerOutput& output) {
  const auto [first, second] = source_.uniforms(base::Purpose::kDispatch, job.node, job.number);
  const std::size_t one = random_server(first);
  std::size_t other = random_server(second);
  if (other == one) {
    // Again among the rest, with the part of the draw that the first use left.
    const double fraction = second * static_cast<double>(first_gpu_.back());
    const double rest = fraction - static_cast<double>(static_cast<std::uint64_t>(fraction));
    const auto others = static_cast<double>(servers_.size() - 1);
    other = std::min(static_cast<std::size_t>(rest * others), servers_.size() - 2);
    other += other >= one ? 1 : 0;
  }
  if (!immediate_) {
    servers_[one]->run({}, job.time, output);
    servers_[other]->run({}, job.time, output);
  }
  return shorter(other, one, job.time) ? other : one;
}

std::size_t ServerCluster::choose(const ClusterJob& job, ServerOutput& output) {
  if (servers_.size() == 1) {
    return 0;
  }
  return model_.dispatch == Dispatch::kShortestQueue ? shortest(job.time, output)
                                                     : shorter_of_two(job, output);
}

// Each server over its own arrivals: a counting sort brings them together.
void ServerCluster::run_apart(std::span<const ClusterJob> jobs, base::Duration until,
                              ServerOutput& output) {
  if (servers_.size() == 1) {
    sorted_.clear();
    for (const ClusterJob& job : jobs) {
      sorted_.push_back(job_at(job, 0));
    }
    servers_.front()->run(sorted_, until, output);
    return;
  }
  choose_blindly(jobs);
  sorted_.resize(jobs.size());
  std::fill(ends_.begin(), ends_.end(), 0U);
  for (const std::uint32_t choice : choices_) {
    ++ends_[choice];
  }
  std::uint32_t total = 0;
  for (std::uint32_t& end : ends_) {
    total += end;
    end = total - end;
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    sorted_[ends_[choices_[i]]++] = job_at(jobs[i], choices_[i]);
  }
  std::uint32_t begin = 0;
  for (std::size_t s = 0; s < servers_.size(); ++s) {
    const std::span<const ServerJob> own(sorted_.data() + begin, ends_[s] - begin);
    if (!own.empty() || !immediate_) {
      servers_[s]->run(own, until, output);
    }
    begin = ends_[s];
  }
}

void ServerCluster::run(std::span<const ClusterJob> jobs, base::Duration until,
                        ServerOutput& output) {
  const std::size_t before = output.departures.size() + output.dropped.size();
  if (!looks_at_queues(model_.dispatch) || servers_.size() == 1) {
    run_apart(jobs, until, output);
  } else {
    for (const ClusterJob& job : jobs) {
      const std::size_t server = choose(job, output);
      const ServerJob own = job_at(job, server);
      servers_[server]->run({&own, 1}, job.time, output);
    }
    if (!immediate_) {
      for (const auto& server : servers_) {
        server->run({}, until, output);
      }
    }
  }
  held_ += jobs.size();
  held_ -= output.departures.size() + output.dropped.size() - before;
}

base::Duration ServerCluster::next_event() const {
  base::Duration next = base::kForever;
  if (held_ > 0) {
    for (const auto& server : servers_) {
      next = base::min(next, server->next_event());
    }
  }
  return next;
}

policies::ServerLoad ServerCluster::load_of(std::size_t server, base::Duration now) {
  const ServerState state = servers_[server]->state(now);
  const double gpus = model_.kinds[kind_of_[server]].gpus;
  policies::ServerLoad load;
  switch (model_.load_signal) {
    case LoadSignal::kWait:
    case LoadSignal::kPrice:
      load.wait = state.wait;
      break;
    case LoadSignal::kTurn:
      load.kernel_wait = state.turn;
      load.wait = state.turn > base::seconds(0) ? base::seconds(0) : state.wait;
      break;
    case LoadSignal::kProcesses:
      load.level = std::max(1.0, (state.processes + 1) / gpus);
      break;
    case LoadSignal::kUtilisation: {
      const double span = gpus * base::in_seconds(now - published_at_);
      const double used = base::in_seconds(state.busy - busy_[server]) / span;
      load.level = 1 / (1 - std::clamp(used, 0.0, kUtilisationMax));
      busy_[server] = state.busy;
      break;
    }
  }
  return load;
}

policies::ServerLoad ServerCluster::publish(base::Duration now) {
  policies::ServerLoad sum{.wait = {}, .level = 0, .kernel_wait = {}};
  double weights = 0;
  std::size_t next = 0;
  policies::ServerLoad of_next;
  for (std::size_t s = 0; s < servers_.size(); ++s) {
    const policies::ServerLoad load = load_of(s, now);
    if (s == 0 || shorter(s, next, now)) {
      next = s;
      of_next = load;
    }
    const double weight = model_.kinds[kind_of_[s]].gpus;
    weights += weight;
    sum.wait += weight * load.wait;
    sum.level += weight * load.level;
    sum.kernel_wait += weight * load.kernel_wait;
  }
  published_at_ = now;
  if (model_.dispatch == Dispatch::kShortestQueue || servers_.size() == 1) {
    return of_next;
  }
  return {.wait = sum.wait / weights,
          .level = sum.level / weights,
          .kernel_wait = sum.kernel_wait / weights};
}

}  // namespace edgecut::sim

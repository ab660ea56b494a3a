#include "support/reference_cluster.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/random.hpp"

namespace edgecut::testing {

using base::in_seconds;
using base::seconds;
using sim::Discipline;
using sim::Dispatch;

PlainCluster::PlainCluster(const sim::RunModel& model, Callbacks callbacks)
    : model_(model), callbacks_(std::move(callbacks)) {
  for (std::size_t k = 0; k < model.cluster.kinds.size(); ++k) {
    const sim::ServerKind& kind = model.cluster.kinds[k];
    for (std::uint32_t i = 0; i < kind.count; ++i) {
      PlainServer server;
      server.kind = &kind;
      server.kind_index = k;
      for (std::uint32_t gpu = 0; gpu < kind.gpus; ++gpu) {
        server_of_gpu_.push_back(servers_.size());
      }
      for (const auto& step : kind.background.steps) {
        callbacks_.wake_at(in_seconds(step.from), servers_.size());
      }
      servers_.push_back(std::move(server));
    }
  }
}

double PlainCluster::alone_s(const PlainServer& server, const PlainJob& job) const {
  if (!model_.classes[job.query_class].dnn) {
    return job.drawn_s;
  }
  double total = 0;
  for (const double kernel : kernels_s(server, job)) {
    total += kernel;
  }
  return total;
}

std::vector<double> PlainCluster::kernels_s(const PlainServer& server, const PlainJob& job) const {
  std::vector<double> list;
  if (model_.classes[job.query_class].dnn) {
    for (const base::Duration time : server.kind->work[job.query_class].kernels(job.cut)) {
      list.push_back(in_seconds(time));
    }
  }
  return list;
}

double PlainCluster::next_kernel_s(const PlainServer& server, const Process& process) const {
  if (process.background) {
    return in_seconds(server.kind->background.kernel);
  }
  if (model_.classes[process.job.query_class].dnn) {
    return kernels_s(server, process.job)[process.kernel];
  }
  return std::min(process.left_s, in_seconds(server.kind->job_slice));
}

std::size_t PlainCluster::present(const PlainServer& server) const {
  std::size_t count = server.waiting.size();
  for (const auto& [until, jobs] : server.running) {
    count += jobs.size();
  }
  for (const Process& process : server.ring) {
    count += process.background ? 0 : 1;
  }
  return count;
}

std::size_t PlainCluster::pick(const PlainJob& job) {
  const auto drawn = base::RandomSource(model_.seed, model_.replication)
                         .uniforms(base::Purpose::kDispatch, job.node, job.number);
  const double gpus = static_cast<double>(server_of_gpu_.size());
  const auto busier = [this](std::size_t a, std::size_t b) {
    return static_cast<double>(present(servers_[a])) / servers_[a].kind->gpus >
           static_cast<double>(present(servers_[b])) / servers_[b].kind->gpus;
  };
  const std::size_t first = server_of_gpu_[static_cast<std::size_t>(drawn.first * gpus)];
  switch (model_.cluster.dispatch) {
    case Dispatch::kRandom:
      return first;
    case Dispatch::kRoundRobin:
      return turn_++ % servers_.size();
    case Dispatch::kShortestQueue: {
      std::size_t best = 0;
      for (std::size_t i = 1; i < servers_.size(); ++i) {
        best = busier(best, i) ? i : best;
      }
      return best;
    }
    case Dispatch::kPowerOfTwo: {
      if (servers_.size() == 1) {
        return 0;
      }
      std::size_t second = server_of_gpu_[static_cast<std::size_t>(drawn.second * gpus)];
      if (second == first) {
        std::vector<std::size_t> others;
        for (std::size_t i = 0; i < servers_.size(); ++i) {
          if (i != first) {
            others.push_back(i);
          }
        }
        const double rest = drawn.second * gpus - std::floor(drawn.second * gpus);
        second = others[static_cast<std::size_t>(rest * static_cast<double>(others.size()))];
      }
      return busier(first, second) ? second : first;
    }
  }
  return 0;
}

void PlainCluster::arrive(double now, const PlainJob& job) {
  const std::size_t index = servers_.size() == 1 ? 0 : pick(job);
  PlainServer& server = servers_[index];
  if (server.kind->discipline != Discipline::kTimeSlicing) {
    server.waiting.push_back({job, now});
    if (server.kind->discipline == Discipline::kBatching) {
      callbacks_.wake_at(now + in_seconds(server.kind->batching.wait_max), index);
    }
    woken(now, index);
    return;
  }
  Process process;
  process.job = job;
  process.left_s = job.drawn_s;
  end_quiet(now, index);
  server.ring.push_back(process);
  if (server.ring.size() == 1) {
    start_front(now, index);
  }
}

double PlainCluster::front_ends(const PlainServer& server, double now) {
  if (!server.quiet) {
    return server.front_ends;
  }
  const double kernel = in_seconds(server.kind->background.kernel);
  return server.quiet_since + (std::floor((now - server.quiet_since) / kernel) + 1) * kernel;
}

void PlainCluster::end_quiet(double now, std::size_t index) {
  PlainServer& server = servers_[index];
  if (server.quiet) {
    server.front_ends = front_ends(server, now);
    server.quiet = false;
    callbacks_.wake_at(server.front_ends, index);
  }
}

void PlainCluster::end_services(double now, PlainServer& server) {
  for (auto it = server.running.begin(); it != server.running.end();) {
    if (it->first <= now) {
      const auto jobs = it->second;
      it = server.running.erase(it);
      for (const PlainJob& job : jobs) {
        callbacks_.done(job.query);
      }
    } else {
      ++it;
    }
  }
}

void PlainCluster::serve_fifo(double now, std::size_t index) {
  PlainServer& server = servers_[index];
  while (!server.waiting.empty() && server.running.size() < server.kind->gpus) {
    const PlainJob job = server.waiting.front().job;
    server.waiting.pop_front();
    callbacks_.started(job.query);
    const double end = now + alone_s(server, job);
    server.running.push_back({end, {job}});
    callbacks_.wake_at(end, index);
  }
}

void PlainCluster::serve_batches(double now, std::size_t index) {
  PlainServer& server = servers_[index];
  const sim::BatchRule& rule = server.kind->batching;
  while (server.running.size() < server.kind->gpus) {
    // What waits, by network and cut, in the order of arrival.
    std::map<std::pair<std::size_t, std::size_t>, std::vector<Waiting>> lines;
    for (const Waiting& one : server.waiting) {
      lines[{one.job.query_class, one.job.cut}].push_back(one);
    }
    const std::vector<Waiting>* best = nullptr;
    for (const auto& [key, line] : lines) {
      const bool ready =
          line.size() >= rule.size_max || line.front().since + in_seconds(rule.wait_max) <= now;
      if (ready && (best == nullptr || line.front().since < best->front().since)) {
        best = &line;
      }
    }
    if (best == nullptr) {
      return;
    }
    std::vector<PlainJob> batch;
    double time = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(best->size(), rule.size_max); ++i) {
      batch.push_back((*best)[i].job);
      time = std::max(time, batch.back().drawn_s);
    }
    if (model_.classes[batch.front().query_class].dnn) {
      time = in_seconds(server.kind->work[batch.front().query_class].batches(
          batch.front().cut)[batch.size() - 1]);
    }
    std::set<std::size_t> taken;
    for (const PlainJob& job : batch) {
      callbacks_.started(job.query);
      taken.insert(job.query);
    }
    std::erase_if(server.waiting,
                  [&](const Waiting& one) { return taken.contains(one.job.query); });
    server.running.push_back({now + time, batch});
    callbacks_.wake_at(now + time, index);
  }
}

void PlainCluster::start_front(double now, std::size_t index) {
  PlainServer& server = servers_[index];
  if (server.ring.empty()) {
    return;
  }
  Process& front = server.ring.front();
  if (present(server) == 0 && !front.leaves) {
    server.quiet = true;
    server.quiet_since = now;
    return;
  }
  if (!front.background && !front.started) {
    front.started = true;
    callbacks_.started(front.job.query);
  }
  server.front_ends = now + next_kernel_s(server, front);
  callbacks_.wake_at(server.front_ends, index);
}

// The front one's kernel has ended.
void PlainCluster::slice(double now, std::size_t index) {
  PlainServer& server = servers_[index];
  Process process = server.ring.front();
  server.ring.pop_front();
  if (process.background) {
    if (!process.leaves) {
      server.ring.push_back(process);
    }
  } else {
    const bool layers = model_.classes[process.job.query_class].dnn != nullptr;
    const double ran = next_kernel_s(server, process);
    ++process.kernel;
    process.left_s -= ran;
    const bool over =
        layers ? process.kernel == kernels_s(server, process.job).size() : process.left_s <= 0;
    if (over) {
      callbacks_.done(process.job.query);
    } else {
      server.ring.push_back(process);
    }
  }
  start_front(now, index);
}

void PlainCluster::change_background(double now, std::size_t index, std::size_t processes) {
  PlainServer& server = servers_[index];
  const bool was_empty = server.ring.empty();
  if (processes == 0) {
    end_quiet(now, index);  // the kernel that runs is the last
  }
  for (; server.background < processes; ++server.background) {
    Process process;
    process.background = true;
    // One whose kernel runs and that was to leave stays instead.
    if (!server.ring.empty() && server.ring.front().leaves) {
      server.ring.front().leaves = false;
    } else {
      server.ring.push_back(process);
    }
  }
  for (; server.background > processes; --server.background) {
    auto last = server.ring.end();
    do {
      --last;
    } while (!last->background);
    if (last == server.ring.begin()) {
      last->leaves = true;
    } else {
      server.ring.erase(last);
    }
  }
  if (was_empty) {
    start_front(now, index);
  }
}

void PlainCluster::woken(double now, std::size_t index) {
  PlainServer& server = servers_[index];
  switch (server.kind->discipline) {
    case Discipline::kFifo:
      end_services(now, server);
      serve_fifo(now, index);
      return;
    case Discipline::kBatching:
      end_services(now, server);
      serve_batches(now, index);
      return;
    case Discipline::kTimeSlicing:
      if (!server.ring.empty() && !server.quiet && server.front_ends == now) {
        slice(now, index);
      }
      const auto& steps = server.kind->background.steps;
      for (; server.steps_done < steps.size() && in_seconds(steps[server.steps_done].from) <= now;
           ++server.steps_done) {
        change_background(now, index, steps[server.steps_done].processes);
      }
      return;
  }
}

policies::ServerLoad PlainCluster::load_of(const PlainServer& server, double now) const {
  policies::ServerLoad load;
  const double gpus = server.kind->gpus;
  double background = static_cast<double>(server.background);
  if (model_.cluster.load_signal == sim::LoadSignal::kProcesses) {
    load.level = std::max(1.0, (static_cast<double>(present(server)) + background + 1) / gpus);
    return load;
  }
  double wait = 0;
  double turn = 0;
  if (server.kind->discipline == Discipline::kTimeSlicing) {
    for (const Process& process : server.ring) {
      const bool front = &process == &server.ring.front();
      wait += front ? front_ends(server, now) - now : next_kernel_s(server, process);
      turn += process.leaves ? 0 : next_kernel_s(server, process);
    }
  } else {
    // Lets the queue run down as if nothing more came.
    std::multiset<double> free;
    for (const auto& [until, jobs] : server.running) {
      free.insert(until);
    }
    while (free.size() < server.kind->gpus) {
      free.insert(now);
    }
    for (const Waiting& one : server.waiting) {
      const double start = *free.begin();
      free.erase(free.begin());
      free.insert(start + alone_s(server, one.job));
    }
    wait = std::max(0.0, *free.begin() - now);
  }
  const bool by_turn = model_.cluster.load_signal == sim::LoadSignal::kTurn;
  load.kernel_wait = seconds(by_turn ? turn : 0);
  load.wait = seconds(by_turn && turn > 0 ? 0 : wait);
  return load;
}

policies::ServerLoad PlainCluster::load(double now) const {
  policies::ServerLoad mean{.wait = {}, .level = 0, .kernel_wait = {}};
  std::optional<std::size_t> next;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const auto share = [this](std::size_t s) {
      return static_cast<double>(present(servers_[s])) / servers_[s].kind->gpus;
    };
    next = !next || share(i) < share(*next) ? i : *next;
    const policies::ServerLoad one = load_of(servers_[i], now);
    const double weight = servers_[i].kind->gpus / static_cast<double>(server_of_gpu_.size());
    mean.wait += weight * one.wait;
    mean.level += weight * one.level;
    mean.kernel_wait += weight * one.kernel_wait;
  }
  return model_.cluster.dispatch == Dispatch::kShortestQueue ? load_of(servers_[*next], now) : mean;
}

}  // namespace edgecut::testing

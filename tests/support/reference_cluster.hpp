// The servers of the plain simulator: every kernel an event, every choice by looking at everybody.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <utility>
#include <vector>

#include "policies/policy.hpp"
#include "sim/run_model.hpp"

namespace edgecut::testing {

/// A query as the servers see it.
struct PlainJob {
  std::size_t query = 0;
  std::uint32_t node = 0;
  std::uint32_t number = 0;
  std::size_t query_class = 0;
  std::size_t cut = 0;
  double drawn_s = 0;  // of a job
};

class PlainCluster {
 public:
  struct Callbacks {
    std::function<void(double time, std::size_t server)> wake_at;
    std::function<void(std::size_t query)> started;
    std::function<void(std::size_t query)> done;
  };
  PlainCluster(const sim::RunModel& model, Callbacks callbacks);

  void arrive(double now, const PlainJob& job);
  /// Something that was asked for with `wake_at`, or a step of the background load.
  void woken(double now, std::size_t server);
  [[nodiscard]] policies::ServerLoad load(double now) const;

 private:
  struct Process {
    PlainJob job;
    bool background = false;
    bool leaves = false;
    bool started = false;
    std::size_t kernel = 0;
    double left_s = 0;
  };
  struct Waiting {
    PlainJob job;
    double since = 0;
  };
  struct PlainServer {
    const sim::ServerKind* kind = nullptr;
    std::size_t kind_index = 0;
    std::vector<std::pair<double, std::vector<PlainJob>>> running;  // until when, who
    std::deque<Waiting> waiting;
    std::list<Process> ring;  // time slicing: the front one runs
    double front_ends = 0;
    // No query is there: the background's kernels follow each other from here on, unwatched.
    bool quiet = false;
    double quiet_since = 0;
    std::size_t steps_done = 0;
    std::size_t background = 0;
  };

  [[nodiscard]] double alone_s(const PlainServer& server, const PlainJob& job) const;
  [[nodiscard]] std::vector<double> kernels_s(const PlainServer& server, const PlainJob& job) const;
  [[nodiscard]] double next_kernel_s(const PlainServer& server, const Process& process) const;
  [[nodiscard]] std::size_t present(const PlainServer& server) const;
  [[nodiscard]] std::size_t pick(const PlainJob& job);
  void serve_fifo(double now, std::size_t index);
  void serve_batches(double now, std::size_t index);
  void end_services(double now, PlainServer& server);
  void start_front(double now, std::size_t index);
  void end_quiet(double now, std::size_t index);
  [[nodiscard]] static double front_ends(const PlainServer& server, double now);
  void slice(double now, std::size_t index);
  void change_background(double now, std::size_t index, std::size_t processes);
  [[nodiscard]] policies::ServerLoad load_of(const PlainServer& server, double now) const;

  const sim::RunModel& model_;
  Callbacks callbacks_;
  std::vector<PlainServer> servers_;
  std::vector<std::size_t> server_of_gpu_;
  std::size_t turn_ = 0;
};

}  // namespace edgecut::testing

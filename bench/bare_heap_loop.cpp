#include <algorithm>
#include <deque>
#include <vector>

#include "bench/bare_loops.hpp"
#include "bench/bare_model.hpp"

namespace edgecut::bench {
namespace {

enum class Stage : std::uint32_t {
  kArrival,
  kDevice,
  kUplink,
  kServer,
  kService,
  kDownlink,
  kDone
};

struct Event {
  double time;
  Stage stage;
  std::uint32_t id;  // a node for an arrival, else a query
};

// A 4-ary heap.
class EventHeap {
 public:
  void push(const Event& event) {
    std::size_t hole = events_.size();
    events_.push_back(event);
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / 4;
      if (events_[parent].time <= event.time) {
        break;
      }
      events_[hole] = events_[parent];
      hole = parent;
    }
    events_[hole] = event;
  }
  Event pop() {
    const Event top = events_.front();
    const Event last = events_.back();
    events_.pop_back();
    if (!events_.empty()) {
      sink(last);
    }
    return top;
  }

 private:
  void sink(const Event& event) {
    const std::size_t n = events_.size();
    std::size_t hole = 0;
    for (std::size_t child = 1; child < n; child = 4 * hole + 1) {
      std::size_t least = child;
      for (std::size_t i = child + 1; i < std::min(child + 4, n); ++i) {
        least = events_[i].time < events_[least].time ? i : least;
      }
      if (events_[least].time >= event.time) {
        break;
      }
      events_[hole] = events_[least];
      hole = least;
    }
    events_[hole] = event;
  }

  std::vector<Event> events_;
};

class HeapLoop {
 public:
  HeapLoop(std::uint32_t nodes, std::uint64_t seed) : model_(nodes), random_(seed), nodes_(nodes) {
    for (std::uint32_t id = 0; id < nodes; ++id) {
      heap_.push({draw(model_.gap_mean()), Stage::kArrival, id});
    }
  }

  BareResult run(std::uint64_t queries) {
    while (done_ < queries) {
      handle(heap_.pop());
    }
    return {done_, latency_.mean()};
  }

 private:
  struct Query {
    double issued;
    std::uint32_t node;
  };

  double draw(double mean) { return mean * exponential_.draw(random_); }

  std::uint32_t new_query(double time, std::uint32_t node) {
    if (free_.empty()) {
      queries_.push_back({time, node});
      return static_cast<std::uint32_t>(queries_.size() - 1);
    }
    const std::uint32_t id = free_.back();
    free_.pop_back();
    queries_[id] = {time, node};
    return id;
  }

  void handle(const Event& event) {
    const double now = event.time;
    if (event.stage == Stage::kArrival) {
      heap_.push({now + draw(model_.gap_mean()), Stage::kArrival, event.id});
      BareNode& node = nodes_[event.id];
      node.processor = std::max(now, node.processor) + draw(BareModel::kDevice);
      heap_.push({node.processor, Stage::kDevice, new_query(now, event.id)});
      return;
    }
    BareNode& node = nodes_[queries_[event.id].node];
    switch (event.stage) {
      case Stage::kDevice:
        node.uplink = std::max(now, node.uplink) + draw(BareModel::kUplink);
        heap_.push({node.uplink, Stage::kUplink, event.id});
        break;
      case Stage::kUplink:
        heap_.push({now + BareModel::kLatency, Stage::kServer, event.id});
        break;
      case Stage::kServer:
        if (busy_ < 8) {
          ++busy_;
          heap_.push({now + draw(model_.service), Stage::kService, event.id});
        } else {
          waiting_.push_back(event.id);
        }
        break;
      case Stage::kService:
        if (waiting_.empty()) {
          --busy_;
        } else {
          heap_.push({now + draw(model_.service), Stage::kService, waiting_.front()});
          waiting_.pop_front();
        }
        node.downlink = std::max(now, node.downlink) + draw(BareModel::kDownlink);
        heap_.push({node.downlink, Stage::kDownlink, event.id});
        break;
      case Stage::kDownlink:
        heap_.push({now + BareModel::kLatency, Stage::kDone, event.id});
        break;
      default:
        latency_.add(now - queries_[event.id].issued);
        free_.push_back(event.id);
        ++done_;
    }
  }

  BareModel model_;
  Xoshiro random_;
  Exponential exponential_;
  std::vector<BareNode> nodes_;
  EventHeap heap_;
  std::vector<Query> queries_;
  std::vector<std::uint32_t> free_;
  std::deque<std::uint32_t> waiting_;
  int busy_ = 0;
  BareHistogram latency_;
  std::uint64_t done_ = 0;
};

}  // namespace

BareResult bare_heap_loop(std::uint32_t nodes, std::uint64_t queries, std::uint64_t seed) {
  return HeapLoop(nodes, seed).run(queries);
}

}  // namespace edgecut::bench

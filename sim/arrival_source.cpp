#include "sim/arrival_source.hpp"

#include "base/errors.hpp"

namespace edgecut::sim {
namespace {

// Looking at a node costs about a tenth of handling a query; finding one that is due costs more.
constexpr double kArrivalsPerLookMin = 0.2;

base::Distribution gaps_of(const RunModel& model) {
  return model.arrivals.replay ? base::Distribution::constant(1)
                               : workloads::gaps_s(model.arrivals, model.nodes());
}

}  // namespace

ArrivalSource::ArrivalSource(const RunModel& model, const base::RandomSource& source,
                             const SlabGrid& grid, const AliasTable& class_mix)
    : arrivals_(model.arrivals),
      source_(source),
      class_mix_(class_mix),
      nodes_(model.nodes()),
      gaps_s_(gaps_of(model)),
      exponential_(gaps_s_.kind() == base::Distribution::Kind::kExponential),
      calendar_(grid) {
  if (arrivals_.replay) {
    mode_ = Mode::kReplay;
    EC_CHECK(arrivals_.replay->node_count_min <= nodes_, "a replayed arrival names no node");
    for (const std::string& name : arrivals_.replay->query_names) {
      std::uint32_t index = 0;
      while (index < model.classes.size() && model.classes[index].name != name) {
        ++index;
      }
      EC_CHECK(index < model.classes.size(), "a replayed arrival names no query of the mix");
      class_of_replayed_.push_back(index);
    }
  } else if (arrivals_.scope == workloads::ArrivalScope::kFleet) {
    mode_ = Mode::kFleet;
  } else {
    const double per_look = grid.length() / base::seconds(gaps_s_.mean());
    mode_ = per_look >= kArrivalsPerLookMin ? Mode::kEveryNode : Mode::kDueNodes;
  }
  if (nodes_ == 1 && gaps_s_.has_quantile() &&
      (mode_ == Mode::kEveryNode || mode_ == Mode::kFleet)) {
    ahead_.emplace(gaps_s_, source,
                   mode_ == Mode::kFleet ? base::Purpose::kFleetArrivals : base::Purpose::kQueries);
  }
}

std::size_t ArrivalSource::take_block(base::Duration until, Node& node,
                                      std::span<base::Duration> times) {
  const bool fleet = mode_ == Mode::kFleet;
  base::Duration next = fleet ? next_fleet_arrival_ : node.next_arrival;
  std::size_t taken = 0;
  while (taken < times.size() && next < until) {
    const std::uint64_t number = fleet ? fleet_number_ : node.query_number;
    const std::span<const double> gaps_s = ahead_->from(number);
    const std::size_t begin = taken;
    const std::size_t end = std::min(times.size(), begin + gaps_s.size());
    while (taken < end && next < until) {
      times[taken] = next;
      next += base::seconds(gaps_s[taken - begin]);
      ++taken;
    }
    fleet_number_ += fleet ? taken - begin : 0;
    node.query_number += static_cast<std::uint32_t>(taken - begin);
  }
  (fleet ? next_fleet_arrival_ : node.next_arrival) = next;
  return taken;
}

void ArrivalSource::start(std::vector<Node>& nodes) {
  if (mode_ == Mode::kReplay) {
    return;
  }
  if (mode_ == Mode::kFleet) {
    next_fleet_arrival_ = workloads::first_arrival(gaps_s_, source_, 0);
    return;
  }
  for (std::uint32_t id = 0; id < nodes.size(); ++id) {
    nodes[id].next_arrival = workloads::first_arrival(gaps_s_, source_, id);
    if (mode_ == Mode::kDueNodes) {
      calendar_.push({nodes[id].next_arrival, id});
    }
  }
}

std::int64_t ArrivalSource::next_cell(const SlabGrid& grid, base::Duration now) const {
  switch (mode_) {
    case Mode::kEveryNode:
      return grid.cell(now);
    case Mode::kDueNodes:
      return calendar_.next_cell();
    case Mode::kFleet:
      return grid.cell(next_fleet_arrival_);
    case Mode::kReplay:
      return fleet_number_ < arrivals_.replay->arrivals.size()
                 ? grid.cell(arrivals_.replay->arrivals[fleet_number_].time)
                 : SlabCalendar<DueNode>::kNever;
  }
  return grid.cell(now);
}

base::Duration ArrivalSource::other_gap(double uniform, std::uint32_t entity,
                                        std::uint64_t number) const {
  if (gaps_s_.has_quantile()) {
    return base::seconds(gaps_s_.quantile(uniform));
  }
  // A stream of its own for each gap: a draw may take several uniforms.
  base::RandomStream stream(source_, base::Purpose::kGaps, entity, number << 32U);
  return base::seconds(gaps_s_.draw(stream));
}

}  // namespace edgecut::sim

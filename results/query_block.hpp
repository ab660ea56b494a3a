// Completed queries as columns, on their way into a BatchSeries.
//
// What is added to statistics may be added in any order and in any portions, so an engine may
// gather queries and hand them over by the block: sums and counts of a column are several times
// faster than one by one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/quantity.hpp"

namespace edgecut::results {

/// The device's energy for one query, by what it was spent on.
struct EnergySplit {
  base::Energy compute;
  base::Energy transmit;
  base::Energy receive;
  base::Energy promotion;
  base::Energy tail;
};

/// Views of columns: query i completed at `completed_at_s[i]` after `latency_s[i]` and took
/// `energies_j[e][i]` in the order of EnergySplit; an empty column of energies is all zero.
struct QueryColumns {
  std::span<const double> completed_at_s;
  std::span<const double> latency_s;
  std::array<std::span<const double>, 5> energies_j = {};

  [[nodiscard]] std::size_t size() const { return completed_at_s.size(); }
  [[nodiscard]] EnergySplit energy(std::size_t i) const {
    const auto spent = [&](std::size_t e) {
      return base::joules(energies_j[e].empty() ? 0 : energies_j[e][i]);
    };
    return {spent(0), spent(1), spent(2), spent(3), spent(4)};
  }
  [[nodiscard]] QueryColumns part(std::size_t begin, std::size_t count) const {
    QueryColumns some{completed_at_s.subspan(begin, count), latency_s.subspan(begin, count)};
    for (std::size_t e = 0; e < energies_j.size(); ++e) {
      some.energies_j[e] =
          energies_j[e].empty() ? energies_j[e] : energies_j[e].subspan(begin, count);
    }
    return some;
  }
};

class QueryBlock {
 public:
  static constexpr std::size_t kSize = 256;

  [[nodiscard]] bool full() const { return size_ == kSize; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }

  /// Not to a full block.
  void add(base::Duration completed_at, base::Duration latency, const EnergySplit& energy) {
    completed_at_s_[size_] = base::in_seconds(completed_at);
    latency_s_[size_] = base::in_seconds(latency);
    energies_j_[0][size_] = base::in_joules(energy.compute);
    energies_j_[1][size_] = base::in_joules(energy.transmit);
    energies_j_[2][size_] = base::in_joules(energy.receive);
    energies_j_[3][size_] = base::in_joules(energy.promotion);
    energies_j_[4][size_] = base::in_joules(energy.tail);
    ++size_;
  }

  /// Queries `places` of `queries` and nothing else; no more than a block.
  void assign(const QueryColumns& queries, std::span<const std::uint32_t> places) {
    size_ = places.size();
    const auto copy = [&](std::span<const double> from, Column& to) {
      for (std::size_t i = 0; i < size_; ++i) {
        to[i] = from.empty() ? 0 : from[places[i]];
      }
    };
    copy(queries.completed_at_s, completed_at_s_);
    copy(queries.latency_s, latency_s_);
    for (std::size_t e = 0; e < energies_j_.size(); ++e) {
      copy(queries.energies_j[e], energies_j_[e]);
    }
  }

  /// Of what was added since it was clear; valid until the next addition.
  [[nodiscard]] QueryColumns columns() const {
    QueryColumns all{first(completed_at_s_), first(latency_s_)};
    for (std::size_t e = 0; e < energies_j_.size(); ++e) {
      all.energies_j[e] = first(energies_j_[e]);
    }
    return all;
  }

 private:
  using Column = std::array<double, kSize>;
  [[nodiscard]] std::span<const double> first(const Column& column) const {
    return std::span(column).first(size_);
  }

  std::size_t size_ = 0;
  Column completed_at_s_{};
  Column latency_s_{};
  std::array<Column, 5> energies_j_{};
};

}  // namespace edgecut::results

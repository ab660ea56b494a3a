#include "predictors/boosted_trees.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "base/errors.hpp"
#include "base/random.hpp"

namespace edgecut::predictors {
namespace {

constexpr std::size_t kBins = 64;
constexpr double kClip = 1.5;      // of the median residual: of normal ones, a standard deviation
constexpr double kClipMin = 0.25;  // of nine tenths of the residuals

using Node = BoostedTrees::Node;
using Places = std::span<std::size_t>;

// Bin b of a column holds the values in (edges[b-1], edges[b]].
struct BinnedColumn {
  std::vector<double> edges;
  std::vector<std::uint8_t> bins;  // by sample
};

BinnedColumn bin_column(const Eigen::VectorXd& values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> distinct = sorted;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  BinnedColumn column;
  if (distinct.size() <= kBins) {
    for (std::size_t i = 0; i + 1 < distinct.size(); ++i) {
      column.edges.push_back((distinct[i] + distinct[i + 1]) / 2);
    }
  } else {
    for (std::size_t b = 1; b < kBins; ++b) {
      const double edge = sorted[sorted.size() * b / kBins];
      if (column.edges.empty() || edge > column.edges.back()) {
        column.edges.push_back(edge);
      }
    }
  }
  for (const double value : values) {
    const auto bin = std::lower_bound(column.edges.begin(), column.edges.end(), value);
    column.bins.push_back(static_cast<std::uint8_t>(bin - column.edges.begin()));
  }
  return column;
}

struct Split {
  double gain = 1e-12;
  std::size_t column = 0;
  std::size_t bin = 0;
  bool found = false;
};

// Grows one tree after the other on the same binned columns.
class TreeGrower {
 public:
  TreeGrower(const Eigen::MatrixXd& columns, const TreeOptions& options)
      : options_(options), random_(base::RandomSource(options.seed, 0), base::Purpose::kFit, 0) {
    for (Eigen::Index j = 0; j < columns.cols(); ++j) {
      columns_.push_back(bin_column(columns.col(j)));
    }
  }

  std::vector<Node> grow(const std::vector<double>& residuals) {
    residuals_ = &residuals;
    nodes_.clear();
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < residuals.size(); ++i) {
      if (random_.uniform() < options_.share_of_samples) {
        chosen.push_back(i);
      }
    }
    grow_node(chosen, options_.depth);
    return nodes_;
  }

 private:
  void grow_node(Places samples, int depth) {
    const std::size_t self = nodes_.size();
    nodes_.emplace_back();
    double sum = 0;
    for (const std::size_t i : samples) {
      sum += (*residuals_)[i];
    }
    const auto size = static_cast<double>(samples.size());
    const Split split = depth > 0 ? best_split(samples, sum) : Split{};
    if (!split.found) {
      nodes_[self].value = options_.rate * sum / (size + 1);  // shrunk where samples are few
      return;
    }
    const BinnedColumn& column = columns_[split.column];
    const auto middle = std::stable_partition(
        samples.begin(), samples.end(), [&](std::size_t i) { return column.bins[i] <= split.bin; });
    const auto low = static_cast<std::size_t>(middle - samples.begin());
    nodes_[self].column = static_cast<int>(split.column);
    nodes_[self].threshold = column.edges[split.bin];
    grow_node(samples.first(low), depth - 1);
    nodes_[self].above = static_cast<int>(nodes_.size());
    grow_node(samples.subspan(low), depth - 1);
  }

  Split best_split(Places samples, double sum) {
    Split best;
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      if (random_.uniform() < options_.share_of_columns) {
        try_column(samples, sum, j, best);
      }
    }
    return best;
  }

  void try_column(Places samples, double sum, std::size_t j, Split& best) const {
    const BinnedColumn& column = columns_[j];
    std::array<double, kBins> sums{};
    std::array<int, kBins> counts{};
    for (const std::size_t i : samples) {
      sums.at(column.bins[i]) += (*residuals_)[i];
      ++counts.at(column.bins[i]);
    }
    const auto all = static_cast<int>(samples.size());
    double low_sum = 0;
    int low = 0;
    for (std::size_t b = 0; b < column.edges.size(); ++b) {
      low_sum += sums.at(b);
      low += counts.at(b);
      if (low < options_.leaf_samples_min || all - low < options_.leaf_samples_min) {
        continue;
      }
      const double high_sum = sum - low_sum;
      const double gain =
          low_sum * low_sum / low + high_sum * high_sum / (all - low) - sum * sum / all;
      if (gain > best.gain) {
        best = {gain, j, b, true};
      }
    }
  }

  TreeOptions options_;
  base::RandomStream random_;
  std::vector<BinnedColumn> columns_;
  const std::vector<double>* residuals_ = nullptr;
  std::vector<Node> nodes_;
};

std::vector<double> clipped(const Eigen::VectorXd& residuals) {
  std::vector<double> sizes;
  for (const double residual : residuals) {
    sizes.push_back(std::abs(residual));
  }
  const auto quantile = [&sizes](std::size_t tenths) {
    const auto place = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() * tenths / 10);
    std::nth_element(sizes.begin(), place, sizes.end());
    return *place;
  };
  // Where half of the samples are met exactly, the others still count.
  const double limit = std::max({kClip * quantile(5), kClipMin * quantile(9), 1e-12});
  std::vector<double> result;
  for (const double residual : residuals) {
    result.push_back(std::clamp(residual, -limit, limit));
  }
  return result;
}

double leaf_value(const std::vector<Node>& tree, const Eigen::VectorXd& point) {
  std::size_t at = 0;
  while (tree[at].column >= 0) {
    at = point(tree[at].column) <= tree[at].threshold ? at + 1
                                                      : static_cast<std::size_t>(tree[at].above);
  }
  return tree[at].value;
}

}  // namespace

BoostedTrees fit_trees(const Eigen::MatrixXd& columns, const Eigen::VectorXd& values,
                       const TreeOptions& options) {
  EC_CHECK(columns.rows() == values.size() && values.size() > 0, "a row a value");
  TreeGrower grower(columns, options);
  const Eigen::MatrixXd points = columns.transpose();
  Eigen::VectorXd residuals = values;
  BoostedTrees result;
  for (int t = 0; t < options.trees; ++t) {
    result.trees.push_back(grower.grow(clipped(residuals)));
    for (Eigen::Index i = 0; i < values.size(); ++i) {
      residuals(i) -= leaf_value(result.trees.back(), points.col(i));
    }
  }
  return result;
}

double sum_trees(const BoostedTrees& trees, const Eigen::VectorXd& point) {
  double sum = 0;
  for (const std::vector<Node>& tree : trees.trees) {
    sum += leaf_value(tree, point);
  }
  return sum;
}

}  // namespace edgecut::predictors

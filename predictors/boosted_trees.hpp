// Gradient-boosted regression trees, for what thousands of samples show and no formula does.
//
// Friedman, Greedy function approximation: a gradient boosting machine, Annals of Statistics 29
// (2001): each tree is fitted to the residuals of those before it, here clipped as in Huber's loss
// (outliers of measured times span orders of magnitude), and added with a small weight. Splits are
// looked for on at most 64 bins a column; each tree sees a random part of the samples and each node
// a random part of the columns (Friedman, Stochastic gradient boosting, 2002). The same samples,
// options and seed give the same trees.
#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace edgecut::predictors {

struct BoostedTrees {
  struct Node {
    int column = -1;       // a leaf has none
    double threshold = 0;  // at most: the next node; above: node `above`
    int above = 0;
    double value = 0;  // of a leaf, the learning rate included
  };
  std::vector<std::vector<Node>> trees;
};

struct TreeOptions {
  int trees = 300;
  int depth = 7;
  int leaf_samples_min = 5;
  double rate = 0.1;
  double share_of_samples = 0.7;
  double share_of_columns = 0.7;
  std::uint64_t seed = 1;
};

BoostedTrees fit_trees(const Eigen::MatrixXd& columns, const Eigen::VectorXd& values,
                       const TreeOptions& options = {});

/// The sum of the leaves that a point falls into.
double sum_trees(const BoostedTrees& trees, const Eigen::VectorXd& point);

}  // namespace edgecut::predictors

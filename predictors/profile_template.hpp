// The layers of some networks as a profile without times: what a user has to measure.
#pragma once

#include <span>
#include <string>

#include "workloads/dnn.hpp"

namespace edgecut::predictors {

/// A profile table (docs/formats.md) with a row for each layer that differs from those before in
/// type or parameters, and an empty time. Layers that neither compute nor move data (flatten,
/// reshape, dropout) are left out: predictors charge nothing for them. Filled in, it gives
/// load_profile the facts of the same layers.
std::string profile_template(std::span<const workloads::Dnn> dnns);

}  // namespace edgecut::predictors

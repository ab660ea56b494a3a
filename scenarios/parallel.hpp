// The same work for each of a row of indices, by several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace edgecut::scenarios {

/// Calls `work` once for each index in [0, count), at most `threads` at a time (the caller's among
/// them). The first exception ends the handing out and is thrown again here.
void for_each_index(std::size_t count, unsigned threads,
                    const std::function<void(std::size_t)>& work);

}  // namespace edgecut::scenarios

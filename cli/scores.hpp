// From logits to probabilities, and the best of them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace xzoo::cli {

/// Probabilities of labels: the softmax, or the sigmoid of each where labels are independent.
std::vector<double> probabilities(std::span<const float> logits, bool independent);

/// Positions of the k largest values, largest first, the first of equals before the others; k = 0:
/// all.
std::vector<std::size_t> best(std::span<const double> values, std::size_t k);

}  // namespace xzoo::cli

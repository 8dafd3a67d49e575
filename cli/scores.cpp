#include "cli/scores.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace xzoo::cli {

std::vector<double> probabilities(std::span<const float> logits, bool independent) {
    std::vector<double> values(logits.begin(), logits.end());
    if (independent) {
        for (double& value : values)
            value = 1.0 / (1.0 + std::exp(-value));
        return values;
    }
    const double largest = *std::max_element(values.begin(), values.end());
    double sum = 0.0;
    for (double& value : values) {
        value = std::exp(value - largest);
        sum += value;
    }
    for (double& value : values)
        value /= sum;
    return values;
}

std::vector<std::size_t> best(std::span<const double> values, std::size_t k) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t count = k == 0 ? order.size() : std::min(k, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](std::size_t a, std::size_t b) {
                          return values[a] != values[b] ? values[a] > values[b] : a < b;
                      });
    order.resize(count);
    return order;
}

}  // namespace xzoo::cli

// The parts of decoders in plain double precision, for one sequence, on parameters found by name.
// Tests put families together from them as transformers' sources do.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "nn/random_weights.hpp"
#include "xzoo/simd/reference.hpp"

namespace xzoo::test {

using Rows = std::vector<double>;  // (tokens, channels)

inline Rows operator+(Rows a, const Rows& b) {
    std::transform(a.begin(), a.end(), b.begin(), a.begin(), std::plus<>{});
    return a;
}

/// What an attention needs besides its heads, each (tokens, heads, head_dim).
struct PlainAttention {
    std::size_t heads = 1, kv_heads = 1;
    double (*bias)(std::size_t head,
                   std::size_t key) = nullptr;  // added to query . key / sqrt(dim)
    std::size_t window = 0;
};

inline Rows attend(const PlainAttention& a, const Rows& query, const Rows& key, const Rows& value,
                   std::size_t tokens) {
    const std::size_t dim = query.size() / tokens / a.heads;
    const auto at = [&](const Rows& x, std::size_t token, std::size_t heads, std::size_t head) {
        return x.data() + (token * heads + head) * dim;
    };
    Rows y(query.size());
    for (std::size_t h = 0; h < a.heads; ++h)
        for (std::size_t q = 0; q < tokens; ++q) {
            const std::size_t kv = h / (a.heads / a.kv_heads);
            const std::size_t first = a.window == 0 || q < a.window ? 0 : q + 1 - a.window;
            Rows scores;
            for (std::size_t k = first; k <= q; ++k) {
                double score = 0.0;
                for (std::size_t i = 0; i < dim; ++i)
                    score += at(query, q, a.heads, h)[i] * at(key, k, a.kv_heads, kv)[i];
                scores.push_back(score / std::sqrt(static_cast<double>(dim)) +
                                 (a.bias == nullptr ? 0.0 : a.bias(h, k)));
            }
            const Rows shares = simd::reference::softmax(scores);
            for (std::size_t k = first; k <= q; ++k)
                for (std::size_t i = 0; i < dim; ++i)
                    y[(q * a.heads + h) * dim + i] +=
                        shares[k - first] * at(value, k, a.kv_heads, kv)[i];
        }
    return y;
}

/// Turns the first `rotated` numbers of each head by its token's number; pairs stand half of
/// `rotated` apart, or side by side.
inline Rows rotate(Rows x, std::size_t heads, std::size_t dim, std::size_t rotated,
                   bool neighbours = false) {
    for (std::size_t row = 0; row < x.size() / dim; ++row)
        for (std::size_t i = 0; i < rotated / 2; ++i) {
            const double power = static_cast<double>(2 * i) / static_cast<double>(rotated);
            const double angle = static_cast<double>(row / heads) * std::pow(10000.0, -power);
            double& a = x[row * dim + (neighbours ? 2 * i : i)];
            double& b = x[row * dim + (neighbours ? 2 * i + 1 : i + rotated / 2)];
            const double turned = a * std::cos(angle) - b * std::sin(angle);
            b = b * std::cos(angle) + a * std::sin(angle);
            a = turned;
        }
    return x;
}

/// Columns [begin, begin + size) of each `width` numbers.
inline Rows columns(const Rows& x, std::size_t width, std::size_t begin, std::size_t size) {
    Rows y;
    for (std::size_t row = 0; row < x.size(); row += width)
        y.insert(y.end(), x.begin() + static_cast<std::ptrdiff_t>(row + begin),
                 x.begin() + static_cast<std::ptrdiff_t>(row + begin + size));
    return y;
}

/// Layers of a model by name; what has no parameters of a name does without.
template <class Model>
class PlainLayers {
public:
    explicit PlainLayers(const RandomModel<Model>& weights) : weights_{weights} {}

    bool has(const std::string& name) const { return weights_.has(name + ".weight"); }

    Rows look_up(const std::string& name, const std::vector<std::uint32_t>& ids,
                 std::size_t size) const {
        const auto& table = weights_.values(name + ".weight");
        Rows y;
        for (const std::uint32_t id : ids)
            for (std::size_t i = 0; i < size; ++i)
                y.push_back(double{table[id * size + i]});
        return y;
    }

    /// x: (rows, in).
    Rows linear(const Rows& x, const std::string& name, std::size_t in) const {
        const auto& weight = weights_.values(name + ".weight");  // (out, in)
        const std::size_t out = weight.size() / in;
        Rows y;
        for (std::size_t row = 0; row < x.size() / in; ++row)
            for (std::size_t o = 0; o < out; ++o) {
                double value =
                    weights_.has(name + ".bias") ? double{weights_.values(name + ".bias")[o]} : 0.0;
                for (std::size_t i = 0; i < in; ++i)
                    value += x[row * in + i] * double{weight[o * in + i]};
                y.push_back(value);
            }
        return y;
    }

    /// down(activation(up(x))), x: (rows, in).
    Rows mlp(const Rows& x, const std::string& up, const std::string& down, Activation activation,
             std::size_t in, std::size_t inner) const {
        Rows y = linear(x, up, in);
        for (double& value : y)
            value = simd::reference::activate(value, activation);
        return linear(y, down, inner);
    }

    /// A layer norm of rows of `size` numbers.
    Rows norm(Rows x, const std::string& name, std::size_t size) const {
        for (std::size_t row = 0; row < x.size(); row += size) {
            double mean = 0.0;
            double variance = 0.0;
            for (std::size_t i = 0; i < size; ++i)
                mean += x[row + i] / static_cast<double>(size);
            for (std::size_t i = 0; i < size; ++i)
                variance += (x[row + i] - mean) * (x[row + i] - mean) / static_cast<double>(size);
            for (std::size_t i = 0; i < size; ++i) {
                x[row + i] = (x[row + i] - mean) / std::sqrt(variance + 1e-5);
                if (has(name))
                    x[row + i] = x[row + i] * double{weights_.values(name + ".weight")[i]} +
                                 double{weights_.values(name + ".bias")[i]};
            }
        }
        return x;
    }

private:
    const RandomModel<Model>& weights_;
};

}  // namespace xzoo::test

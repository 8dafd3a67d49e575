#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace xzoo::io {

/// Normally distributed numbers that only depend on a seed and a name, not on what was drawn
/// before: initialised parameters are the same whatever else a checkpoint lacks.
/// Source  Marsaglia and Tsang 2000 (ziggurat, 128 layers); Steele et al. 2014 (splitmix64).
class NormalStream {
public:
    NormalStream(std::uint64_t seed, std::string_view name) noexcept : state_{seed} {
        for (const char c : name) {  // FNV-1a over the seed
            state_ ^= static_cast<unsigned char>(c);
            state_ *= 0x100000001b3U;
        }
        static_cast<void>(next());
    }

    /// values[i] ~ N(0, deviation^2).
    void fill(std::span<float> values, float deviation) {
        const Layers& layers = table();
        for (float& value : values)
            value = deviation * static_cast<float>(draw(layers));
    }

private:
    static constexpr std::size_t n_layers = 128;
    static constexpr double tail_start = 3.442619855899;
    static constexpr double layer_area = 9.91256303526217e-3;

    struct Layers {
        std::array<double, n_layers + 1> x;  // right edges, from the widest layer up
        std::array<double, n_layers + 1> y;  // density (not normalised) at the edges
    };

    static Layers make_layers() {
        Layers layers;
        const auto density = [](double x) { return std::exp(-0.5 * x * x); };
        layers.x[0] = layer_area / density(tail_start);
        layers.y[0] = 0.0;
        layers.x[1] = tail_start;
        layers.y[1] = density(tail_start);
        for (std::size_t i = 2; i < n_layers; ++i) {
            layers.y[i] = layers.y[i - 1] + layer_area / layers.x[i - 1];
            layers.x[i] = std::sqrt(-2.0 * std::log(layers.y[i]));
        }
        layers.x[n_layers] = 0.0;
        layers.y[n_layers] = 1.0;
        return layers;
    }
    static const Layers& table() {
        static const Layers layers = make_layers();
        return layers;
    }

    std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9U;
        z = (z ^ z >> 27U) * 0x94d049bb133111ebU;
        return z ^ z >> 31U;
    }
    /// In (0, 1].
    double uniform() noexcept { return (static_cast<double>(next() >> 11U) + 1.0) * 0x1.0p-53; }

    double draw(const Layers& layers) {
        while (true) {
            const std::uint64_t bits = next();
            const std::size_t layer = bits & (n_layers - 1);
            const double sign = (bits & n_layers) != 0 ? -1.0 : 1.0;
            const double x = static_cast<double>(bits >> 11U) * 0x1.0p-53 * layers.x[layer];
            if (x < layers.x[layer + 1])
                return sign * x;
            if (layer == 0)
                return sign * draw_tail();
            const double y = layers.y[layer] + uniform() * (layers.y[layer + 1] - layers.y[layer]);
            if (y < std::exp(-0.5 * x * x))
                return sign * x;
        }
    }

    double draw_tail() {
        while (true) {
            const double x = -std::log(uniform()) / tail_start;
            const double y = -std::log(uniform());
            if (2.0 * y > x * x)
                return tail_start + x;
        }
    }

    std::uint64_t state_;
};

}  // namespace xzoo::io

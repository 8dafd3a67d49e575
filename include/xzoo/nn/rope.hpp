// Rotary position embedding: the angles of every token, with the ways in which models stretch them
// over longer texts. Follows modeling_rope_utils.py of transformers 4.46 to 4.52.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>

#include "xzoo/core/rope_scaling.hpp"
#include "xzoo/core/workspace.hpp"

namespace xzoo::nn {

/// The length that `longrope` and `yarn` take as the one of training.
constexpr std::size_t original_length(const RopeSpec& spec) noexcept {
    const std::size_t stated = spec.scaling.original_max_position_embeddings;
    return stated > 0 ? stated : spec.max_positions;
}

/// True where a text of `length` tokens turns keys by other angles than the ones `rotated` was
/// for, so that what a cache holds must be read again.
constexpr bool changes_angles(const RopeSpec& spec, std::size_t rotated,
                              std::size_t length) noexcept {
    return spec.scaling.rope_type == RopeType::longrope && rotated > 0 &&
           (rotated > original_length(spec)) != (length > original_length(spec));
}

/// How many tokens a text of `length` tokens may get before the angles of a text change.
constexpr std::size_t tokens_with_same_angles(const RopeSpec& spec, std::size_t length) noexcept {
    const RopeType type = spec.scaling.rope_type;
    const std::size_t first = type == RopeType::longrope  ? original_length(spec)
                              : type == RopeType::dynamic ? spec.max_positions
                                                          : 0;
    if (length < first)
        return first - length;
    return type == RopeType::dynamic ? 1 : std::numeric_limits<std::size_t>::max();
}

namespace detail {

/// Frequencies below and above which yarn keeps and divides them, as indices of pairs.
/// Source  Peng et al. 2023, YaRN, section 3.2.
struct YarnRange {
    float low, high;

    explicit YarnRange(const RopeSpec& spec) noexcept
        : low{pair(spec, spec.scaling.beta_fast)}, high{pair(spec, spec.scaling.beta_slow)} {
        low = std::max(std::floor(low), 0.0F);
        high = std::min(std::ceil(high), static_cast<float>(spec.dims - 1));
        if (low == high)
            high += 0.001F;
    }
    /// The pair that turns `rotations` times over the trained length.
    static float pair(const RopeSpec& spec, float rotations) noexcept {
        const auto dims = static_cast<double>(spec.dims);
        const auto length = static_cast<double>(original_length(spec));
        return static_cast<float>(dims *
                                  std::log(length / (double{rotations} * 2.0 * std::numbers::pi)) /
                                  (2.0 * std::log(double{spec.theta})));
    }
    /// 1 where the frequency is kept, 0 where it is divided.
    float kept(std::size_t i) const noexcept {
        return 1.0F - std::clamp((static_cast<float>(i) - low) / (high - low), 0.0F, 1.0F);
    }
};

/// yarn's factor over its own original length, where the config states one.
inline float yarn_factor(const RopeSpec& spec) noexcept {
    if (spec.scaling.original_max_position_embeddings == 0)
        return spec.scaling.factor;
    return static_cast<float>(spec.max_positions) /
           static_cast<float>(spec.scaling.original_max_position_embeddings);
}

/// Source  Llama 3.1 (RopeType::llama3): long waves are stretched, short ones kept.
inline float llama3_frequency(const RopeScaling& scaling, float frequency) noexcept {
    const auto length = static_cast<float>(scaling.original_max_position_embeddings);
    const float wave = 2.0F * std::numbers::pi_v<float> / frequency;
    if (wave < length / scaling.high_freq_factor)
        return frequency;
    if (wave > length / scaling.low_freq_factor)
        return frequency / scaling.factor;
    const float smooth = (length / wave - scaling.low_freq_factor) /
                         (scaling.high_freq_factor - scaling.low_freq_factor);
    return (1.0F - smooth) * frequency / scaling.factor + smooth * frequency;
}

/// The base that "dynamic" takes for a text of `length` tokens.
inline double dynamic_theta(const RopeSpec& spec, std::size_t length) noexcept {
    const auto trained = static_cast<double>(spec.max_positions);
    const double factor = double{spec.scaling.factor};
    const double text = std::max(static_cast<double>(length), trained);
    const auto dims = static_cast<double>(spec.dims);
    return double{spec.theta} *
           std::pow(factor * text / trained - (factor - 1.0), dims / (dims - 2.0));
}

}  // namespace detail

/// Angles a position, by pair, for a text of `length` tokens.
/// Shapes  frequencies: (dims / 2,).
inline void rope_frequencies(const RopeSpec& spec, std::size_t length, float* frequencies) {
    const RopeScaling& scaling = spec.scaling;
    const double theta = scaling.rope_type == RopeType::dynamic
                             ? detail::dynamic_theta(spec, length)
                             : double{spec.theta};
    const bool is_long = length > original_length(spec);
    const float* factors = is_long ? spec.long_factors : spec.short_factors;
    for (std::size_t i = 0; i < spec.dims / 2; ++i) {
        const double power =
            std::pow(theta, static_cast<double>(2 * i) / static_cast<double>(spec.dims));
        const auto frequency = static_cast<float>(1.0 / power);
        frequencies[i] = frequency;
        if (scaling.rope_type == RopeType::linear)
            frequencies[i] = frequency / scaling.factor;
        else if (scaling.rope_type == RopeType::llama3)
            frequencies[i] = detail::llama3_frequency(scaling, frequency);
        else if (scaling.rope_type == RopeType::longrope)
            frequencies[i] = static_cast<float>(1.0 / (double{factors[i]} * power));
        else if (scaling.rope_type == RopeType::yarn) {
            const float kept = detail::YarnRange{spec}.kept(i);
            frequencies[i] =
                frequency / detail::yarn_factor(spec) * (1.0F - kept) + frequency * kept;
        }
    }
}

/// What queries and keys are multiplied with besides.
inline float rope_attention_factor(const RopeSpec& spec) noexcept {
    const RopeScaling& scaling = spec.scaling;
    if (scaling.rope_type != RopeType::yarn && scaling.rope_type != RopeType::longrope)
        return 1.0F;
    if (scaling.attention_factor > 0.0F)
        return scaling.attention_factor;
    if (scaling.rope_type == RopeType::yarn) {
        const float factor = detail::yarn_factor(spec);
        return factor <= 1.0F ? 1.0F : 0.1F * std::log(factor) + 1.0F;
    }
    const auto original = static_cast<double>(original_length(spec));
    const double factor = scaling.original_max_position_embeddings > 0
                              ? static_cast<double>(spec.max_positions) / original
                              : double{scaling.factor};
    return factor <= 1.0
               ? 1.0F
               : static_cast<float>(std::sqrt(1.0 + std::log(factor) / std::log(original)));
}

/// Cosines and sines of the angles of some tokens, times the attention factor.
struct RopeTable {
    const float* cosine = nullptr;  // (tokens, pairs)
    const float* sine = nullptr;    // (tokens, pairs)
    std::size_t pairs = 0;
    bool neighbours = false;
};

/// Makes the table of tokens at `positions`, which belong to texts of `length` tokens at most.
/// Shapes  positions: (tokens,).
inline RopeTable rope_table(const RopeSpec& spec, const std::uint32_t* positions,
                            std::size_t tokens, std::size_t length, Workspace& workspace) {
    const std::size_t pairs = spec.dims / 2;
    float* cosine = workspace.take(tokens * pairs);
    float* sine = workspace.take(tokens * pairs);
    float* frequencies = workspace.take(pairs);
    rope_frequencies(spec, length, frequencies);
    const float factor = rope_attention_factor(spec);
    for (std::size_t t = 0; t < tokens; ++t) {
        for (std::size_t i = 0; i < pairs; ++i) {
            const float angle = static_cast<float>(positions[t]) * frequencies[i];
            cosine[t * pairs + i] = std::cos(angle) * factor;
            sine[t * pairs + i] = std::sin(angle) * factor;
        }
    }
    return {cosine, sine, pairs, spec.neighbours};
}

/// Floats that rope_table takes from the workspace.
constexpr std::size_t rope_workspace(std::size_t pairs, std::size_t tokens) noexcept {
    return 2 * padded(tokens * pairs) + padded(pairs);
}

}  // namespace xzoo::nn

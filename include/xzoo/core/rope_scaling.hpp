// How a config stretches a rotary embedding over longer texts: "rope_scaling" of config.json.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/config.hpp"

namespace xzoo {

/// The names are those of rope_type.
enum class RopeType : std::uint8_t { none, linear, dynamic, yarn, longrope, llama3 };

constexpr const char* name(RopeType type) noexcept {
    constexpr std::array<const char*, 6> names{"default", "linear",   "dynamic",
                                               "yarn",    "longrope", "llama3"};
    return names[static_cast<std::size_t>(type)];
}
template <>
inline constexpr std::size_t enumerator_count<RopeType> = 6;

/// "rope_scaling" without longrope's lists of factors (zoo/phi3.hpp). All-default stands for
/// null.
/// Source  modeling_rope_utils.py of Hugging Face transformers.
struct RopeScaling {
    static constexpr std::array aliases{FieldAlias{"type", "rope_type"}};

    RopeType rope_type = RopeType::none;
    float factor = 1.0F;
    float low_freq_factor = 1.0F;   // of llama3
    float high_freq_factor = 4.0F;  // of llama3
    float attention_factor = 0.0F;  // of yarn and longrope; 0: follows from the factor
    float beta_fast = 32.0F;        // of yarn
    float beta_slow = 1.0F;         // of yarn
    std::size_t original_max_position_embeddings = 0;  // 0: the config's maximum

    friend constexpr bool operator==(const RopeScaling&, const RopeScaling&) = default;
};
XZOO_CONFIG_FIELDS(RopeScaling, rope_type, factor, low_freq_factor, high_freq_factor,
                   attention_factor, beta_fast, beta_slow, original_max_position_embeddings);

namespace nn {

/// What the angles of a model's rotary embedding depend on.
struct RopeSpec {
    std::size_t dims = 0;  // of a head that are rotated; the others stay as they are
    float theta = 10000.0F;
    RopeScaling scaling{};
    std::size_t max_positions = 0;         // of the config
    const float* short_factors = nullptr;  // (dims / 2): longrope, texts of original length
    const float* long_factors = nullptr;   // (dims / 2): longrope, longer ones
    bool neighbours = false;  // pairs stand side by side (GPT-J) instead of half a head apart
};

/// Numbers of a head that a fraction of it is: what Python makes of int(head_dim * fraction) for a
/// decimal fraction of up to six digits.
constexpr std::size_t rotated_dims(std::size_t head_dim, float fraction) noexcept {
    if (!(fraction >= 0.0F && fraction <= 1.0F))
        return 0;
    const auto millionths = static_cast<std::size_t>(double{fraction} * 1e6 + 0.5);
    const double decimal = static_cast<double>(millionths) / 1e6;
    return static_cast<std::size_t>(static_cast<double>(head_dim) * decimal);
}

}  // namespace nn

/// A rope scaling of a type that keeps no lists, with the numbers that it needs.
struct LlamaRope {
    static constexpr bool holds(const RopeScaling& scaling) {
        const bool factor = scaling.factor > 0.0F && scaling.factor < 3.0e38F;
        switch (scaling.rope_type) {
            case RopeType::none:
                return true;
            case RopeType::linear:
            case RopeType::dynamic:
                return factor;
            case RopeType::yarn:
                return factor && scaling.beta_slow > 0.0F && scaling.beta_fast > 0.0F;
            case RopeType::llama3:
                return factor && scaling.original_max_position_embeddings > 0 &&
                       scaling.low_freq_factor > 0.0F &&
                       scaling.high_freq_factor > scaling.low_freq_factor;
            default:
                return false;
        }
    }
};

}  // namespace xzoo

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace xzoo {

/// Element-wise functions that transformer blocks use; the names are those of config.json.
enum class Activation : std::uint8_t {
    identity,           ///< x ("linear")
    gelu,               ///< x Phi(x), exact, through erf
    gelu_new,           ///< 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
    gelu_pytorch_tanh,  ///< the same function as gelu_new
    gelu_fast,          ///< the same function with the constant written 0.7978845608
    quick_gelu,         ///< x sigmoid(1.702 x)
    relu,               ///< max(x, 0)
    silu,               ///< x sigmoid(x), also called swish
    tanh,
    sigmoid,
};

/// Number of enumerators of Activation.
inline constexpr std::size_t activation_count = 10;

namespace detail {
inline constexpr std::array<const char*, activation_count> activation_names{
    "linear", "gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "quick_gelu", "relu",
    "silu",   "tanh", "sigmoid"};
}  // namespace detail

/// The name that Hugging Face configs use, e.g. "gelu_new"; "linear" for the identity.
constexpr const char* name(Activation activation) noexcept {
    return detail::activation_names[static_cast<std::size_t>(activation)];
}

/// The activation that a Hugging Face config names; nothing where the name is unknown.
/// Accepts "swish" for silu and "identity" for linear besides the results of name().
constexpr std::optional<Activation> activation_from_name(std::string_view text) noexcept {
    if (text == "swish")
        return Activation::silu;
    if (text == "identity")
        return Activation::identity;
    for (std::size_t i = 0; i < activation_count; ++i) {
        if (text == detail::activation_names[i])
            return static_cast<Activation>(i);
    }
    return std::nullopt;
}

}  // namespace xzoo

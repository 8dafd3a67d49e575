// What a key-value cache is made from.
#pragma once

#include <cstddef>
#include <optional>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/error.hpp"

namespace xzoo {

/// A cache has no room for more tokens.
class CacheFull : public ArgumentError {
public:
    using ArgumentError::ArgumentError;
};

/// How much a cache holds, and how.
struct CacheOptions {
    std::size_t sequences = 1;  // that are read side by side
    std::size_t capacity = 0;   // tokens of each; 0: what the model has positions for
    /// Of keys and values: f32, bf16 or i8. Left out: bf16 where the model's layers round their
    /// inputs (see rounds_inputs), otherwise f32.
    std::optional<Dtype> dtype{};
    std::size_t prefill_chunk = 256;  // tokens of a sequence that are read at once
};

namespace nn {

/// What a model's attention keeps of a token.
struct CacheLayout {
    std::size_t layers = 0;
    std::size_t kv_heads = 0;
    std::size_t head_dim = 0;
    /// Tokens that a layer looks back on, itself included; 0: on all.
    std::size_t (*window)(std::size_t layer) = nullptr;

    std::size_t window_of(std::size_t layer) const { return window == nullptr ? 0 : window(layer); }

    friend bool operator==(const CacheLayout& a, const CacheLayout& b) {
        bool same = a.layers == b.layers && a.kv_heads == b.kv_heads && a.head_dim == b.head_dim;
        for (std::size_t i = 0; same && a.window != b.window && i < a.layers; ++i)
            same = a.window_of(i) == b.window_of(i);
        return same;
    }
};

}  // namespace nn

}  // namespace xzoo

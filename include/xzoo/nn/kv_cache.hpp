// The keys and values of tokens that a model has read, so that it reads no token twice.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "xzoo/core/aligned_buffer.hpp"
#include "xzoo/core/dtype.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/nn/cache_options.hpp"
#include "xzoo/simd/cache_rows.hpp"

namespace xzoo {

namespace nn {

/// Keys and values of several sequences, layer by layer. Layers with a sliding window keep a ring
/// of the tokens that they can still see. One thread at a time.
class KvCache {
public:
    /// Allocates all memory for options.capacity tokens.
    /// Errors  ArgumentError: a dtype other than f32, bf16 and i8, or a size of 0.
    KvCache(const CacheLayout& layout, const CacheOptions& options);

    std::size_t sequences() const noexcept { return tokens_.size(); }
    std::size_t capacity() const noexcept { return options_.capacity; }
    const CacheOptions& options() const noexcept { return options_; }
    /// What keys and values are kept in: f32 where the options leave it out.
    Dtype dtype() const noexcept { return options_.dtype.value_or(Dtype::f32); }
    /// That of the models whose tokens it can hold.
    const CacheLayout& layout() const noexcept { return layout_; }
    /// Bytes of keys and values.
    std::size_t bytes() const noexcept;

    /// The ids that a sequence holds, and how many they are.
    const std::vector<std::uint32_t>& tokens(std::size_t sequence) const;
    std::size_t length(std::size_t sequence) const { return tokens(sequence).size(); }
    /// Makes room for `capacity` tokens a sequence, keeping what is there.
    void reserve(std::size_t capacity);
    /// Forgets the tokens from `length` on.
    /// Errors  ArgumentError: a window has moved past tokens that would be seen again; the message
    ///         says so, and to clear() and read the tokens anew.
    void truncate(std::size_t sequence, std::size_t length);
    /// Whether truncate(sequence, length) can be done.
    bool can_truncate(std::size_t sequence, std::size_t length) const;
    void clear(std::size_t sequence);
    void clear();
    /// Keeps of a sequence what it has in common with ids, from the first token on, and forgets the
    /// rest; everything where a window has moved on. Returns the number of tokens kept: at most
    /// ids.size() - 1, so that there is one left to score.
    std::size_t keep_prefix(std::size_t sequence, std::span<const std::uint32_t> ids);
    /// Makes sequence `to` a copy of sequence `from`.
    void copy(std::size_t from, std::size_t to);

    /// For models: the rows of a layer; and note that ids were appended to a sequence, whose keys
    /// and values have been written to the rows from length(sequence) on.
    const simd::CacheRows& keys(std::size_t layer) const noexcept {
        return layers_[layer].keys.rows;
    }
    const simd::CacheRows& values(std::size_t layer) const noexcept {
        return layers_[layer].values.rows;
    }
    void append(std::size_t sequence, std::span<const std::uint32_t> ids);
    /// For models whose rotary frequencies depend on the length of the text: the length for which
    /// the keys of a sequence were rotated.
    std::size_t& rotated_length(std::size_t sequence) { return rotated_[sequence]; }

private:
    /// Keys or values of one layer.
    struct Store {
        AlignedBuffer elements;
        AlignedBuffer scales;
        simd::CacheRows rows;
    };
    struct Layer {
        Store keys, values;
    };

    void check(std::size_t sequence) const;
    Store make_store(std::size_t layer, std::size_t capacity) const;
    std::size_t element_bytes() const { return info(dtype()).bits / 8; }
    /// Copies the rows of tokens [begin, end) from one store to another.
    void copy_rows(const simd::CacheRows& from, std::size_t from_sequence,
                   const simd::CacheRows& to, std::size_t to_sequence, std::size_t length) const;

    CacheLayout layout_;
    CacheOptions options_;
    std::vector<Layer> layers_;
    std::vector<std::vector<std::uint32_t>> tokens_;
    std::vector<std::size_t> furthest_;  // tokens a sequence had at most since it was cleared
    std::vector<std::size_t> rotated_;
};

inline KvCache::KvCache(const CacheLayout& layout, const CacheOptions& options)
    : layout_{layout},
      options_{options},
      tokens_(options.sequences),
      furthest_(options.sequences),
      rotated_(options.sequences) {
    if (dtype() != Dtype::f32 && dtype() != Dtype::bf16 && dtype() != Dtype::i8)
        throw ArgumentError{"KvCache: dtype is " + std::string{name(dtype())} +
                            ", expected F32, BF16 or I8"};
    if (options.sequences == 0 || options.capacity == 0 || options.prefill_chunk == 0)
        throw ArgumentError{"KvCache: sequences, capacity and prefill_chunk must be positive"};
    layers_.reserve(layout.layers);
    for (std::size_t i = 0; i < layout.layers; ++i)
        layers_.push_back({make_store(i, options.capacity), make_store(i, options.capacity)});
    for (std::vector<std::uint32_t>& ids : tokens_)
        ids.reserve(options.capacity);
}

inline KvCache::Store KvCache::make_store(std::size_t layer, std::size_t capacity) const {
    // A chunk is written before its first query is answered, which sees window - 1 tokens more.
    const std::size_t seen = layout_.window_of(layer);
    const std::size_t chunk = std::min(options_.prefill_chunk, capacity);
    const std::size_t ring =
        seen == 0 ? capacity : std::min(capacity, std::min(seen - 1, capacity) + chunk);
    const std::size_t rows = options_.sequences * layout_.kv_heads * ring;
    const std::size_t bytes = rows * layout_.head_dim * element_bytes();
    Store store{AlignedBuffer{(bytes + sizeof(float) - 1) / sizeof(float)},
                AlignedBuffer{dtype() == Dtype::i8 ? rows : 0},
                {}};
    store.rows = {.data = reinterpret_cast<std::byte*>(store.elements.data()),
                  .scales = dtype() == Dtype::i8 ? store.scales.data() : nullptr,
                  .dtype = dtype(),
                  .head_dim = layout_.head_dim,
                  .ring = ring,
                  .head_stride = ring * layout_.head_dim,
                  .sequence_stride = layout_.kv_heads * ring * layout_.head_dim};
    return store;
}

inline void KvCache::check(std::size_t sequence) const {
    if (sequence >= tokens_.size())
        throw ArgumentError{"KvCache: there is no sequence " + std::to_string(sequence) +
                            ", the cache has " + std::to_string(tokens_.size())};
}

inline std::size_t KvCache::bytes() const noexcept {
    std::size_t sum = 0;
    for (const Layer& layer : layers_)
        for (const Store* store : {&layer.keys, &layer.values})
            sum += (store->elements.size() + store->scales.size()) * sizeof(float);
    return sum;
}

inline const std::vector<std::uint32_t>& KvCache::tokens(std::size_t sequence) const {
    check(sequence);
    return tokens_[sequence];
}

inline void KvCache::append(std::size_t sequence, std::span<const std::uint32_t> ids) {
    std::vector<std::uint32_t>& held = tokens_[sequence];
    held.insert(held.end(), ids.begin(), ids.end());
    furthest_[sequence] = std::max(furthest_[sequence], held.size());
}

inline void KvCache::copy_rows(const simd::CacheRows& from, std::size_t from_sequence,
                               const simd::CacheRows& to, std::size_t to_sequence,
                               std::size_t length) const {
    const std::size_t size = from.head_dim * element_bytes();
    const std::size_t first = length - std::min({length, from.ring, to.ring});
    for (std::size_t head = 0; head < layout_.kv_heads; ++head) {
        for (std::size_t t = first; t < length;) {
            const std::size_t source = from.row(from_sequence, head, t);
            const std::size_t target = to.row(to_sequence, head, t);
            // Rows that follow each other in both rings go at once.
            const std::size_t run =
                std::min({length - t, from.ring - t % from.ring, to.ring - t % to.ring});
            std::memcpy(to.data + target * size, from.data + source * size, run * size);
            if (from.scales != nullptr)
                std::copy_n(from.scales + source, run, to.scales + target);
            t += run;
        }
    }
}

inline void KvCache::reserve(std::size_t capacity) {
    if (capacity <= options_.capacity)
        return;
    for (std::vector<std::uint32_t>& ids : tokens_)
        ids.reserve(capacity);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        Layer larger{make_store(i, capacity), make_store(i, capacity)};
        for (std::size_t s = 0; s < tokens_.size(); ++s) {
            copy_rows(layers_[i].keys.rows, s, larger.keys.rows, s, tokens_[s].size());
            copy_rows(layers_[i].values.rows, s, larger.values.rows, s, tokens_[s].size());
        }
        layers_[i] = std::move(larger);
    }
    options_.capacity = capacity;
}

inline bool KvCache::can_truncate(std::size_t sequence, std::size_t length) const {
    check(sequence);
    if (length == 0 || length >= tokens_[sequence].size())
        return true;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        // The next query, of token `length`, sees window - 1 tokens before it.
        const std::size_t seen = layout_.window_of(i);
        const std::size_t oldest = length - std::min(length, seen - 1);
        if (seen != 0 && furthest_[sequence] > oldest + layers_[i].keys.rows.ring)
            return false;
    }
    return true;
}

inline void KvCache::truncate(std::size_t sequence, std::size_t length) {
    if (!can_truncate(sequence, length))
        throw ArgumentError{
            "KvCache: sequence " + std::to_string(sequence) + " cannot go back from " +
            std::to_string(tokens_[sequence].size()) + " tokens to " + std::to_string(length) +
            ": a sliding window has moved past what it would see again; clear the sequence and "
            "read its tokens anew"};
    if (length == 0)
        clear(sequence);
    else if (length < tokens_[sequence].size())
        tokens_[sequence].resize(length);
}

inline void KvCache::clear(std::size_t sequence) {
    check(sequence);
    tokens_[sequence].clear();
    furthest_[sequence] = 0;
    rotated_[sequence] = 0;
}

inline void KvCache::clear() {
    for (std::size_t s = 0; s < tokens_.size(); ++s)
        clear(s);
}

inline std::size_t KvCache::keep_prefix(std::size_t sequence, std::span<const std::uint32_t> ids) {
    const std::vector<std::uint32_t>& held = tokens(sequence);
    const std::size_t most = std::min(held.size(), ids.empty() ? 0 : ids.size() - 1);
    std::size_t common = 0;
    while (common < most && held[common] == ids[common])
        ++common;
    if (!can_truncate(sequence, common))
        common = 0;
    truncate(sequence, common);
    return common;
}

inline void KvCache::copy(std::size_t from, std::size_t to) {
    check(from);
    check(to);
    if (from == to)
        return;
    for (Layer& layer : layers_) {
        copy_rows(layer.keys.rows, from, layer.keys.rows, to, tokens_[from].size());
        copy_rows(layer.values.rows, from, layer.values.rows, to, tokens_[from].size());
    }
    tokens_[to] = tokens_[from];
    furthest_[to] = furthest_[from];
    rotated_[to] = rotated_[from];
}

}  // namespace nn

}  // namespace xzoo

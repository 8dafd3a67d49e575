// Keys, values and queries in the form that attention multiplies.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "xzoo/simd/attention_problem.hpp"
#include "xzoo/simd/attention_tile.hpp"
#include "xzoo/simd/attention_words.hpp"
#include "xzoo/simd/narrow.hpp"
#include "xzoo/simd/transpose.hpp"

namespace xzoo::simd::detail {

/// The rows of the keys, or values, of one head as floats, a few tokens at a time: they may come
/// from strided floats or from a cache of any element type.
template <class Arch>
class HeadRows {
public:
    static constexpr std::size_t at_once = lanes<Arch>;

    /// Of an array: token t at first + t * stride.
    HeadRows(const float* first, std::size_t stride) noexcept : first_(first), stride_(stride) {}
    /// Of a cache: token t is first_token + t. converted: (at_once, row_stride) floats.
    HeadRows(const CacheRows& cache, std::size_t sequence, std::size_t head,
             std::size_t first_token, float* converted, std::size_t row_stride) noexcept
        : cache_(&cache),
          sequence_(sequence),
          head_(head),
          first_token_(first_token),
          converted_(converted),
          row_stride_(row_stride) {}

    /// Makes tokens [token, token + count) current.
    void select(std::size_t token, std::size_t count) noexcept {
        for (std::size_t i = 0; i < count; ++i)
            rows_[i] = cache_ == nullptr ? first_ + (token + i) * stride_ : cached(token + i, i);
        count_ = count;
    }
    /// Numbers d, d + 1, ... of a current token, zeros behind the last one and for others.
    XZOO_INLINE Vec<Arch> at(std::size_t i, std::size_t d, std::size_t dim) const noexcept {
        if (i >= count_ || d >= dim)
            return Vec<Arch>(0.0F);
        return load<Arch>(rows_[i] + d, dim - d < lanes<Arch> ? dim - d : std::size_t{0});
    }

private:
    const float* cached(std::size_t token, std::size_t slot) noexcept {
        const std::size_t row = cache_->row(sequence_, head_, first_token_ + token);
        const std::size_t dim = cache_->head_dim;
        float* to = converted_ + slot * row_stride_;
        return with_row(*cache_, row, [&]<class T>(const T* numbers, float scale) -> const float* {
            if constexpr (std::is_same_v<T, float>)
                return numbers;
            for_each_vec<Arch>(dim, [&](std::size_t d, std::size_t tail) XZOO_INLINE_LAMBDA {
                store<Arch>(to + d, load<Arch>(numbers + d, tail) * Vec<Arch>(scale), tail);
            });
            return to;
        });
    }

    const float* first_ = nullptr;
    std::size_t stride_ = 0;
    const CacheRows* cache_ = nullptr;
    std::size_t sequence_ = 0, head_ = 0, first_token_ = 0;
    float* converted_ = nullptr;
    std::size_t row_stride_ = 0;
    std::size_t count_ = 0;
    std::array<const float*, at_once> rows_{};
};

/// Words that hold n numbers.
template <class W>
constexpr std::size_t words_of(std::size_t n) noexcept {
    return (n + W::group - 1) / W::group;
}

/// Keys as panels whose columns are keys and whose steps are words of their numbers.
template <class Arch, class W>
void pack_keys(HeadRows<Arch>& rows, std::size_t keys, std::size_t dim, float* panels) noexcept {
    using Shape = AttentionShape<Arch>;
    using Square = Transposer<Arch>;
    constexpr std::size_t size = Square::size;
    const std::size_t steps = words_of<W>(dim);
    const std::size_t vectors = Shape::vectors_of(keys);
    for (std::size_t v = 0; v < vectors; ++v) {
        const std::size_t first = v / Shape::vectors * Shape::vectors;
        const std::size_t width = std::min(Shape::vectors, vectors - first) * size;
        float* panel = panels + first * size * steps + v % Shape::vectors * size;
        rows.select(v * size, std::min(size, keys - v * size));
        for (std::size_t step = 0; step < steps; step += size) {
            typename Square::Row square[size];
            XZOO_UNROLL
            for (std::size_t i = 0; i < size; ++i)
                square[i] = Square::row(W::of_row([&](std::size_t next) XZOO_INLINE_LAMBDA {
                    return rows.at(i, step * W::group + next * size, dim);
                }));
            Square::transpose(square);
            const std::size_t count = std::min(size, steps - step);
            for (std::size_t s = 0; s < count; ++s)
                store<Arch>(panel + (step + s) * width, Square::vec(square[s]));
        }
    }
}

/// Values as panels whose columns are their numbers and whose steps are words of keys.
template <class Arch, class W>
void pack_values(HeadRows<Arch>& rows, std::size_t keys, std::size_t dim, float* panels) noexcept {
    using Shape = AttentionShape<Arch>;
    const std::size_t steps = words_of<W>(keys);
    const std::size_t vectors = Shape::vectors_of(dim);
    for (std::size_t step = 0; step < steps; ++step) {
        rows.select(step * W::group, std::min(W::group, keys - step * W::group));
        for (std::size_t v = 0; v < vectors; ++v) {
            const std::size_t first = v / Shape::vectors * Shape::vectors;
            const std::size_t width = std::min(Shape::vectors, vectors - first) * lanes<Arch>;
            store<Arch>(panels + first * lanes<Arch> * steps + step * width +
                            v % Shape::vectors * lanes<Arch>,
                        W::of_column([&](std::size_t row) XZOO_INLINE_LAMBDA {
                            return rows.at(row, v * lanes<Arch>, dim);
                        }));
        }
    }
}

/// A query as words, multiplied by a factor.
template <class Arch, class W>
void pack_query(const float* query, std::size_t dim, float factor, float* words) noexcept {
    for (std::size_t step = 0; step < words_of<W>(dim); step += lanes<Arch>) {
        store<Arch>(words + step, W::of_row([&](std::size_t next) XZOO_INLINE_LAMBDA {
                        const std::size_t d = step * W::group + next * lanes<Arch>;
                        return d >= dim
                                   ? Vec<Arch>(0.0F)
                                   : load<Arch>(query + d,
                                                dim - d < lanes<Arch> ? dim - d : std::size_t{0}) *
                                         Vec<Arch>(factor);
                    }));
    }
}

}  // namespace xzoo::simd::detail

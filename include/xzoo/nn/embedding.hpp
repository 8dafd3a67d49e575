#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "xzoo/core/params.hpp"
#include "xzoo/simd/elementwise.hpp"

namespace xzoo::nn {

/// torch.nn.Embedding: weight (rows, columns), one row an id.
template <std::size_t Rows, std::size_t Columns>
struct Embedding {
    static constexpr std::size_t rows = Rows;
    using Weight = EmbeddingParam<Rows, Columns>;
    BOOST_HANA_DEFINE_STRUCT(Embedding, (Weight, weight));

    const float* row(std::size_t id) const noexcept { return weight.data + id * Columns; }
};

/// One embedding table and the ids to look up in it.
struct Lookup {
    const float* table = nullptr;
    const std::uint32_t* ids = nullptr;  // (tokens); checked by the caller
};

/// y[t] = sum of the rows that each lookup names for token t, in the order of the lookups.
/// Shapes  y: (tokens, columns).
template <class Arch = simd::default_arch>
void embed(std::span<const Lookup> lookups, std::size_t tokens, std::size_t columns,
           float* y) noexcept {
    for (std::size_t t = 0; t < tokens; ++t) {
        float* row = y + t * columns;
        const float* first = lookups[0].table + lookups[0].ids[t] * columns;
        for (std::size_t c = 0; c < columns; ++c)
            row[c] = first[c];
        for (const Lookup& more : lookups.subspan(1))
            simd::add<Arch>(row, more.table + more.ids[t] * columns, columns);
    }
}

}  // namespace xzoo::nn

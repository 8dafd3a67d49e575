// Tables that are looked up by row, in whatever form they are kept.
#pragma once

#include <cstddef>
#include <cstdint>

#include "xzoo/core/params.hpp"
#include "xzoo/nn/linear.hpp"
#include "xzoo/simd/pack.hpp"

namespace xzoo::nn {

/// A table as the kernels see it.
struct TokenTableView {
    const void* weight = nullptr;  // (rows, columns), numbers of `precision`
    std::size_t rows = 0, columns = 0;
    Precision precision = Precision::f32;
    bool packed = false;  // in the panels of a matrix, since it is the head's matrix, too
};

/// The view of an embedding or vocabulary parameter.
template <ParamKind Kind, Precision P, std::size_t Rows, std::size_t Columns>
constexpr TokenTableView table_view(const BasicParam<Kind, P, Rows, Columns>& weight) noexcept {
    static_assert(Kind == ParamKind::embedding || Kind == ParamKind::vocabulary);
    return {weight.data, Rows, Columns, P, Kind == ParamKind::vocabulary};
}

/// torch.nn.Embedding whose table a head may read as its matrix: then it is kept in panels, once.
template <std::size_t Rows, std::size_t Columns, bool Tied, Precision P = Precision::f32>
struct TokenTable {
    static constexpr std::size_t rows = Rows;
    static constexpr std::size_t columns = Columns;
    static constexpr bool tied = Tied;
    static constexpr Precision precision = P;
    using Weight = std::conditional_t<Tied, VocabularyParam<Rows, Columns, P>,
                                      EmbeddingParam<Rows, Columns, P>>;
    BOOST_HANA_DEFINE_STRUCT(TokenTable, (Weight, weight));

    TokenTableView view() const noexcept { return table_view(weight); }
    /// The table as the layer that scores the vocabulary.
    LinearView head(const float* bias = nullptr) const noexcept requires Tied {
        return linear_view(weight, bias);
    }
};

/// The layer that scores the vocabulary on top of such a table: its weight is the table's where
/// that is Tied, and a parameter of its own where it is not.
template <class Table, bool Bias>
struct TokenScores {
    using Weight = If<!Table::tied, MatrixParam<Table::rows, Table::columns, Table::precision>>;
    using BiasParam = If<Bias, Param<Table::rows>>;
    BOOST_HANA_DEFINE_STRUCT(TokenScores, (Weight, weight), (BiasParam, bias));

    LinearView view(const Table& table) const noexcept {
        const float* added = nullptr;
        if constexpr (Bias)
            added = bias.data;
        if constexpr (Table::tied)
            return table.head(added);
        else
            return linear_view(weight, added);
    }
};

namespace detail {

template <class Arch, class W>
void look_up_as(const TokenTableView& table, const W* weight, const std::uint32_t* ids,
                std::size_t tokens, std::size_t first, float* y, bool add) noexcept {
    constexpr std::size_t width = simd::TileShape<Arch>::columns;
    for (std::size_t t = 0; t < tokens; ++t, y += table.columns) {
        const std::size_t row = first + ids[t];
        const W* from = table.packed ? weight + row / width * width * table.columns + row % width
                                     : weight + row * table.columns;
        const std::size_t step = table.packed ? width : 1;
        for (std::size_t c = 0; c < table.columns; ++c)
            y[c] = (add ? y[c] : 0.0F) + static_cast<float>(from[c * step]);
    }
}

}  // namespace detail

/// y[t] = row first + ids[t] of the table, or y[t] + it.
/// Shapes  ids: (tokens), y: (tokens, columns). Rows are checked by the caller.
template <class Arch = simd::default_arch>
void look_up(const TokenTableView& table, const std::uint32_t* ids, std::size_t tokens,
             std::size_t first, float* y, bool add) noexcept {
    if (table.precision == Precision::bf16)
        detail::look_up_as<Arch>(table, static_cast<const BFloat16*>(table.weight), ids, tokens,
                                 first, y, add);
    else
        detail::look_up_as<Arch>(table, static_cast<const float*>(table.weight), ids, tokens, first,
                                 y, add);
}

}  // namespace xzoo::nn

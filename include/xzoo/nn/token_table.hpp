// Tables that are looked up by row, in whatever form they are kept.
#pragma once

#include <cstddef>
#include <cstdint>

#include "xzoo/core/params.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/linear.hpp"
#include "xzoo/simd/elementwise.hpp"

namespace xzoo::nn {

/// A table as the kernels see it.
struct TokenTableView {
    const void* weight = nullptr;  // (rows, columns), in `format`
    const simd::MatrixFormat* format = nullptr;
    std::size_t rows = 0, columns = 0;
};

/// The view of an embedding or vocabulary parameter.
template <ParamKind Kind, std::size_t Rows, std::size_t Columns>
constexpr TokenTableView table_view(const BasicParam<Kind, Rows, Columns>& weight) noexcept {
    static_assert(Kind == ParamKind::embedding || Kind == ParamKind::vocabulary);
    return {weight.data, weight.format, Rows, Columns};
}

/// torch.nn.Embedding: weight (rows, columns), one row an id.
template <std::size_t Rows, std::size_t Columns>
struct Embedding {
    static constexpr std::size_t rows = Rows;
    using Weight = EmbeddingParam<Rows, Columns>;
    BOOST_HANA_DEFINE_STRUCT(Embedding, (Weight, weight));

    TokenTableView view() const noexcept { return table_view(weight); }
};

/// torch.nn.Embedding whose table a head may read as its matrix: then it is kept in panels, once.
template <std::size_t Rows, std::size_t Columns, bool Tied>
struct TokenTable {
    static constexpr std::size_t rows = Rows;
    static constexpr std::size_t columns = Columns;
    static constexpr bool tied = Tied;
    using Weight =
        std::conditional_t<Tied, VocabularyParam<Rows, Columns>, EmbeddingParam<Rows, Columns>>;
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
    using Weight = If<!Table::tied, HeadParam<Table::rows, Table::columns>>;
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

/// One row of a table.
/// Shapes  y: (columns). The row is checked by the caller.
inline void look_up(const TokenTableView& table, std::size_t row, float* y) noexcept {
    table.format->unpack_row(table.weight, table.columns, row, y, 1);
}

/// y[t] = row first + ids[t] of the table, or y[t] + it.
/// Shapes  ids: (tokens), y: (tokens, columns). Rows are checked by the caller.
template <class Arch = simd::default_arch>
void look_up(const TokenTableView& table, const std::uint32_t* ids, std::size_t tokens,
             std::size_t first, float* y, bool add, Workspace& workspace) {
    const Workspace::Scope scope{workspace};
    float* row = add ? workspace.take(table.columns) : nullptr;  // (columns)
    for (std::size_t t = 0; t < tokens; ++t, y += table.columns) {
        look_up(table, first + ids[t], add ? row : y);
        if (add)
            simd::add<Arch>(y, row, table.columns);
    }
}

/// Floats that look_up takes from the workspace where it adds.
constexpr std::size_t look_up_workspace(std::size_t columns) noexcept {
    return padded(columns);
}

}  // namespace xzoo::nn

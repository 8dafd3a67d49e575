// What a model's members are made of: single parameters, and blocks that are there or not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "xzoo/core/precision.hpp"
#include "xzoo/core/shape.hpp"

namespace xzoo::simd {
struct MatrixFormat;
}

namespace xzoo {

/// What a parameter is used for: it decides how the values are laid out in memory.
enum class ParamKind : std::uint8_t {
    plain,       // row-major, as in the checkpoint: biases, norms
    embedding,   // row-major table, looked up by row
    matrix,      // (out, in) of a linear layer, kept in the panels that kernels read
    head,        // the same, of the layer on top that makes scores
    conv1d,      // the same, (in, out) in the checkpoint: GPT-2's linear layers
    vocabulary,  // token table (tokens, hidden) that is the head's matrix, too: kept in panels
};

/// True where the parameter is the matrix of a layer, kept in panels.
constexpr bool is_packed(ParamKind kind) noexcept {
    return kind != ParamKind::plain && kind != ParamKind::embedding;
}

/// One parameter of a model. Not owning: data points into the storage that the model holds, and is
/// null until weights are loaded. Shape is that of the checkpoint. What the numbers look like in
/// memory is said by the format; which that is, the model's Precisions decide.
template <ParamKind Kind, std::size_t... Dims>
struct BasicParam {
    static constexpr ParamKind kind = Kind;
    static constexpr Shape shape{Dims...};

    const void* data = nullptr;
    const simd::MatrixFormat* format = nullptr;
};

/// Row-major floats.
template <std::size_t... Dims>
struct BasicParam<ParamKind::plain, Dims...> {
    static constexpr ParamKind kind = ParamKind::plain;
    static constexpr Shape shape{Dims...};

    const float* data = nullptr;
};

template <std::size_t... Dims>
using Param = BasicParam<ParamKind::plain, Dims...>;
template <std::size_t Rows, std::size_t Columns>
using EmbeddingParam = BasicParam<ParamKind::embedding, Rows, Columns>;
template <std::size_t Out, std::size_t In>
using MatrixParam = BasicParam<ParamKind::matrix, Out, In>;
template <std::size_t Out, std::size_t In>
using HeadParam = BasicParam<ParamKind::head, Out, In>;
template <std::size_t In, std::size_t Out>
using Conv1DParam = BasicParam<ParamKind::conv1d, In, Out>;
template <std::size_t Tokens, std::size_t Hidden>
using VocabularyParam = BasicParam<ParamKind::vocabulary, Tokens, Hidden>;

/// Member of a block that a configuration does without (a pooler, a tied head): it has no
/// parameters and no name in the checkpoint.
struct Absent {};

/// Type if Present, else Absent.
template <bool Present, class Type>
using If = std::conditional_t<Present, Type, Absent>;

/// A stack of Size blocks of two types under one list of numbers: block i is a First where
/// IsFirst(i), else a Second. The blocks of each type stand in an array of their own.
template <class First, class Second, std::size_t Size, auto IsFirst>
struct MixedStack {
    static constexpr std::size_t size = Size;
    static constexpr bool is_first(std::size_t i) { return IsFirst(i); }
    /// How many of the blocks before i have the type that block i has.
    static constexpr std::size_t place(std::size_t i) {
        std::size_t n = 0;
        for (std::size_t j = 0; j < i; ++j)
            n += IsFirst(j) == IsFirst(i) ? 1 : 0;
        return n;
    }
    static constexpr std::size_t first_count() {
        std::size_t n = 0;
        for (std::size_t i = 0; i < Size; ++i)
            n += IsFirst(i) ? 1 : 0;
        return n;
    }

    std::array<First, first_count()> first;
    std::array<Second, Size - first_count()> second;

    /// Calls visit(block) for block i.
    template <class Visit>
    constexpr decltype(auto) visit(std::size_t i, Visit&& visit) const {
        if constexpr (first_count() == 0)
            return visit(second[i]);
        else if constexpr (first_count() == Size)
            return visit(first[i]);
        else
            return IsFirst(i) ? visit(first[place(i)]) : visit(second[place(i)]);
    }
};

/// Two names of one tensor: the parameter exists under `source`; checkpoints may carry it under
/// `name`, too or instead.
struct Tie {
    std::string_view name;
    std::string_view source;
};

/// What the compiler knows of one parameter.
struct ParamInfo {
    std::string_view name;  // its key in a checkpoint of this very model
    Shape shape;
    ParamKind kind = ParamKind::plain;
    Precision precision = Precision::f32;

    /// Bytes of its numbers, without what a kernel's panels are padded with.
    constexpr std::size_t bytes() const {
        if (kind == ParamKind::plain)
            return shape.elements() * sizeof(float);
        const bool turned = kind == ParamKind::conv1d;
        return matrix_bytes(precision, shape[turned ? 1 : 0], shape[turned ? 0 : 1]);
    }
};

}  // namespace xzoo

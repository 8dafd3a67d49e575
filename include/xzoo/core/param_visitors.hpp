// What walks over the parameters of a model, or over their types: names on the way, tables and
// pointers at the end.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/param.hpp"

namespace xzoo::detail {

/// The dotted name of the member being visited, in memory that constant evaluation can use. Loops
/// run over plain pointers: compilers evaluate each call of a function much slower than a step.
struct ParamPath {
    static constexpr std::size_t capacity = 256;
    std::array<char, capacity> text{};
    std::size_t length = 0;

    constexpr void append(std::string_view part) {
        char* to = text.data() + length;
        if (length > 0)
            *to++ = '.';
        const char* const end = part.data() + part.size();
        for (const char* from = part.data(); from != end; ++from)
            *to++ = *from;
        length = static_cast<std::size_t>(to - text.data());
    }
    constexpr void append(std::size_t number) {
        char digits[20]{};
        char* const end = digits + 20;
        char* first = end;
        do {
            *--first = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number > 0);
        append(std::string_view{first, static_cast<std::size_t>(end - first)});
    }
    constexpr std::string_view view() const { return {text.data(), length}; }
};

/// Writes the table of a model's parameters or, without memory for it, counts. One type for both
/// and for all models, since every type that walks over a model's types has to be compiled.
struct TableVisitor {
    char* text = nullptr;
    std::size_t* end = nullptr;  // of the names in text
    Shape* shapes = nullptr;
    ParamKind* kinds = nullptr;
    std::size_t params = 0;      // seen so far
    std::size_t characters = 0;  // likewise

    template <class P>
    constexpr void operator()(std::string_view name) {
        const std::size_t size = name.size();
        if (text != nullptr) {
            char* to = text + characters;
            const char* const last = name.data() + size;
            for (const char* from = name.data(); from != last; ++from)
                *to++ = *from;
            end[params] = characters + size;
            shapes[params] = P::shape;
            kinds[params] = P::kind;
        }
        ++params;
        characters += size;
    }

    /// Where only counting is asked for: counts the blocks of a stack whose numbers have as many
    /// digits as that of block i, which was visited last; how many these are.
    constexpr std::size_t skip_like(const TableVisitor& before, std::size_t i, std::size_t blocks) {
        if (text != nullptr)
            return 0;
        std::size_t next_length = 10;
        while (next_length <= i)
            next_length *= 10;
        const std::size_t count = (next_length < blocks ? next_length : blocks) - i - 1;
        params += count * (params - before.params);
        characters += count * (characters - before.characters);
        return count;
    }
};

/// Points one parameter after the other to its values. One type for all models, as TableVisitor.
struct PointVisitor {
    const void* const* values;
    const simd::MatrixFormat* const* formats;

    template <class P>
    void operator()(P& param) noexcept {
        param.data = static_cast<decltype(param.data)>(*values++);
        if constexpr (P::kind != ParamKind::plain)
            param.format = *formats;
        ++formats;
    }
};

}  // namespace xzoo::detail

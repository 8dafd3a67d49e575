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

    /// Adds the blocks of a stack whose numbers have as many digits as that of block i, which was
    /// visited last, without visiting them: their names differ from its names in these digits
    /// alone, which stand at `place`. Returns how many blocks these are.
    constexpr std::size_t repeat(const TableVisitor& before, std::size_t i, std::size_t blocks,
                                 std::size_t place) {
        std::size_t next_length = 10;
        for (++place; next_length <= i; next_length *= 10)
            ++place;
        const std::size_t count = (next_length < blocks ? next_length : blocks) - i - 1;
        const TableVisitor last = *this;
        for (std::size_t k = 1; k <= count; ++k) {
            if (text != nullptr)
                last.copy_block(before, i + k, place, params - before.params,
                                characters - before.characters);
            params += last.params - before.params;
            characters += last.characters - before.characters;
        }
        return count;
    }

private:
    /// Copies the rows since `before` to `rows` rows and `distance` characters further down; the
    /// digits of `number` end at `place` in the names.
    constexpr void copy_block(const TableVisitor& before, std::size_t number, std::size_t place,
                              std::size_t rows, std::size_t distance) const {
        const std::size_t first = before.characters;
        copy(text + first, text + characters, text + first + distance);
        char* name = text + first + distance;
        for (std::size_t p = before.params; p < params; ++p) {
            char* digit = name + place;
            for (std::size_t rest = number; rest > 0; rest /= 10)
                *--digit = static_cast<char>('0' + rest % 10);
            name = text + end[p] + distance;
            end[p + rows] = end[p] + distance;
            shapes[p + rows] = shapes[p];
            kinds[p + rows] = kinds[p];
        }
    }

    /// Eight at a time: GCC counts operations, Clang counts statements, and both stop where they
    /// have counted too many.
    static constexpr void copy(const char* from, const char* last, char* to) {
        for (; last - from >= 8; from += 8, to += 8)
            to[0] = from[0], to[1] = from[1], to[2] = from[2], to[3] = from[3], to[4] = from[4],
            to[5] = from[5], to[6] = from[6], to[7] = from[7];
        while (from != last)
            *to++ = *from++;
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

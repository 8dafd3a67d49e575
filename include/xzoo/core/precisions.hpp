// How the parameters of a model are kept in memory, all of them: a template argument of models.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/param.hpp"
#include "xzoo/core/precision.hpp"

namespace xzoo {

/// Whether a name matches a pattern in which '*' stands for any characters, or none.
constexpr bool matches(std::string_view name, std::string_view pattern) noexcept {
    std::size_t at = 0;                 // in name
    std::size_t in = 0;                 // in pattern
    std::size_t star = pattern.size();  // the last '*' seen; size(): none
    std::size_t after_star = 0;         // where in name it was tried to end
    while (at < name.size()) {
        if (in < pattern.size() && pattern[in] == '*') {
            star = in++;
            after_star = at;
        } else if (in < pattern.size() && pattern[in] == name[at]) {
            ++in;
            ++at;
        } else if (star < pattern.size()) {
            in = star + 1;
            at = ++after_star;
        } else {
            return false;
        }
    }
    while (in < pattern.size() && pattern[in] == '*')
        ++in;
    return in == pattern.size();
}

/// The precision of every parameter of a model: Llama<smollm2_135m, bf16>. Norms and biases are
/// float32 always, and float32 is what comes out of every layer.
struct Precisions {
    /// A parameter whose name matches is kept in a precision of its own.
    struct Rule {
        std::array<char, 56> pattern{};
        Precision precision = Precision::f32;
        friend constexpr bool operator==(const Rule&, const Rule&) = default;
    };
    static constexpr std::size_t max_rules = 4;

    Precision weights = Precision::f32;  // of linear layers
    Precision head = weights;    // of what scores a vocabulary, and a table that is one with it
    Precision tables = weights;  // of tables that are only looked up
    std::array<Rule, max_rules> rules{};
    std::size_t rule_count = 0;

    /// The same, but for parameters whose names match: q4.keeping("*.down_proj.weight",
    /// Precision::q8). The first rule that matches holds.
    consteval Precisions keeping(std::string_view pattern, Precision precision) const {
        Precisions more = *this;
        if (more.rule_count == max_rules)
            throw "Precisions: no more than 4 rules";
        Rule& rule = more.rules[more.rule_count++];
        if (pattern.size() > rule.pattern.size())
            throw "Precisions: a pattern has no more than 56 characters";
        for (std::size_t i = 0; i < pattern.size(); ++i)
            rule.pattern[i] = pattern[i];
        rule.precision = precision;
        return more;
    }

    /// What a parameter is kept in.
    constexpr Precision of(std::string_view name, ParamKind kind) const {
        if (kind == ParamKind::plain)
            return Precision::f32;
        for (std::size_t i = 0; i < rule_count; ++i) {
            std::size_t length = 0;
            while (length < rules[i].pattern.size() && rules[i].pattern[length] != '\0')
                ++length;
            if (matches(name, {rules[i].pattern.data(), length}))
                return rules[i].precision;
        }
        switch (kind) {
            case ParamKind::embedding:
                return tables;
            case ParamKind::vocabulary:
            case ParamKind::head:
                return head;
            default:
                return weights;
        }
    }

    friend constexpr bool operator==(const Precisions&, const Precisions&) = default;
};

inline constexpr Precisions f32{Precision::f32};
inline constexpr Precisions bf16{Precision::bf16};
inline constexpr Precisions f16{Precision::f16};
// What is quantised keeps more where a small part of the weights decides: in heads and tables.
inline constexpr Precisions i8{Precision::i8, Precision::bf16, Precision::bf16};
inline constexpr Precisions q8{Precision::q8, Precision::q8, Precision::bf16};
inline constexpr Precisions q4{Precision::q4, Precision::q8, Precision::bf16};
inline constexpr Precisions q4m{Precision::q4m, Precision::q8, Precision::bf16};
inline constexpr Precisions f8e4m3{Precision::f8e4m3, Precision::bf16, Precision::bf16};
inline constexpr Precisions f8e5m2{Precision::f8e5m2, Precision::bf16, Precision::bf16};

}  // namespace xzoo

// Looking up entries of the weights manifest: by enumerator at compile time, by name at run time.
// The entries themselves are generated into <xzoo/weights/FAMILY.hpp> and, all together,
// <xzoo/weights.hpp>.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/core/fit.hpp"
#include "xzoo/core/weight_entry.hpp"

namespace xzoo {

/// What the compiler knows of an entry, e.g. of BertWeights::base_uncased: `entry`, its typed
/// `config`, and `model`, the type that wrote it. Defined by the generated headers.
template <auto Entry>
struct Weights;

/// All entries of one enumeration: `entries` and `configs`, both in the order of the enumerators.
/// Defined by the generated headers.
template <class Enum>
struct WeightsTable;

/// The enumeration of a config type's family: WeightsOf<BertConfig>::type is BertWeights. Defined
/// by the generated headers.
template <class Config>
struct WeightsOf;

/// An enumeration of weights.
template <class Enum>
concept WeightsEnum = std::is_enum_v<Enum> && requires {
    WeightsTable<Enum>::entries;
};

/// The entry of an enumerator.
/// Errors  ArgumentError for a number that is no enumerator.
template <WeightsEnum Enum>
constexpr const WeightEntry& weight_entry(Enum weights) {
    const auto index = static_cast<std::size_t>(weights);
    if (index >= WeightsTable<Enum>::entries.size())
        throw ArgumentError{"weights manifest: no enumerator has the number " +
                            std::to_string(index)};
    return *WeightsTable<Enum>::entries[index];
}

/// The entries that a model of this type can load without a change: those of its family whose
/// config is the model's, as config_field_matters compares them. The class that wrote an entry may
/// be another one, so a head may be missing in the file.
template <class Model>
std::vector<WeightEntry> list_available() {
    using Config = std::remove_const_t<decltype(Model::config)>;
    using Table = WeightsTable<typename WeightsOf<Config>::type>;
    std::vector<WeightEntry> found;
    for (std::size_t i = 0; i < Table::entries.size(); ++i) {
        const WeightEntry& entry = *Table::entries[i];
        if (matching_fields(resolved(Model::config), resolved(Table::configs[i]), Model::class_name,
                            entry.architecture) == resolved(Model::config))
            found.push_back(entry);
    }
    return found;
}

/// The entries of one enumeration, for look-up at run time.
struct WeightsFamily {
    std::string_view enumeration;  // "BertWeights"
    std::span<const WeightEntry* const> entries;
    std::string_view default_name;  // the entry that `default_` stands for; empty: there is none
};

namespace detail {

/// Insertions, deletions and substitutions that turn a into b.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i] == b[j] ? 0U : 1U);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

inline std::string qualified(const WeightEntry& entry) {
    return std::string{entry.enumeration} + "::" + std::string{entry.name};
}

/// "BertWeights::base_uncased, BertWeights::base_cased": what the name may have been meant for.
inline std::string nearest_entries(std::string_view name, std::span<const WeightsFamily> families) {
    struct Candidate {
        std::size_t distance;
        std::string name;
    };
    const std::string_view short_name =
        name.substr(name.rfind(':') == std::string_view::npos ? 0 : name.rfind(':') + 1);
    std::vector<Candidate> candidates;
    for (const WeightsFamily& family : families)
        for (const WeightEntry* entry : family.entries)
            candidates.push_back({std::min(edit_distance(short_name, entry->name),
                                           edit_distance(name, entry->repository)),
                                  qualified(*entry)});
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.distance < b.distance; });
    constexpr std::size_t shown = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(shown, candidates.size()); ++i)
        text += (i == 0 ? "" : ", ") + candidates[i].name;
    return text;
}

/// True where a user may call the entry so.
inline bool goes_by(const WeightEntry& entry, const WeightsFamily& family, std::string_view name) {
    if (name == entry.repository && !entry.repository.empty())
        return true;
    if (name.starts_with(family.enumeration) &&
        name.substr(family.enumeration.size()).starts_with("::")) {
        name.remove_prefix(family.enumeration.size() + 2);
        if (name == "default_")
            return entry.name == family.default_name;
    }
    return name == entry.name;
}

/// See find_weights in <xzoo/weights.hpp>.
inline const WeightEntry& find_weights(std::string_view name,
                                       std::span<const WeightsFamily> families) {
    std::vector<const WeightEntry*> found;
    for (const WeightsFamily& family : families)
        for (const WeightEntry* entry : family.entries)
            if (goes_by(*entry, family, name))
                found.push_back(entry);
    if (found.size() == 1)
        return *found.front();
    if (found.empty())
        throw ArgumentError{"weights manifest: no entry is called '" + std::string{name} +
                            "'; near it are " + nearest_entries(name, families)};
    std::string names;
    for (const WeightEntry* entry : found)
        names += (names.empty() ? "" : ", ") + qualified(*entry);
    throw ArgumentError{"weights manifest: '" + std::string{name} + "' can be any of " + names};
}

}  // namespace detail

}  // namespace xzoo

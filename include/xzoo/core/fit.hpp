// Whether a checkpoint that the weights manifest describes fits a model, decided at compile time.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "xzoo/core/config.hpp"
#include "xzoo/core/params.hpp"
#include "xzoo/core/rules.hpp"
#include "xzoo/core/shape.hpp"
#include "xzoo/core/weight_entry.hpp"

namespace xzoo {

template <auto Entry>
struct Weights;  // core/weights.hpp

/// Whether a config field must be the same in a checkpoint and in the model that loads it. All
/// must, but for two: num_labels matters only to classifiers of sequences and tokens that load a
/// checkpoint of their own class (a new head is not in the file; other classes have no labels), and
/// is_decoder only to models that load a checkpoint of their own class (it turns an encoder into a
/// language model and changes no parameter).
constexpr bool config_field_matters(std::string_view field, std::string_view model_class,
                                    bool same_class) {
    const bool classifier = model_class.ends_with("ForSequenceClassification") ||
                            model_class.ends_with("ForTokenClassification");
    if (field == "num_labels")
        return same_class && classifier;
    return same_class || field != "is_decoder";
}

/// An entry's config with the model's values in those fields that need not be the same.
template <class Config>
constexpr Config matching_fields(const Config& model, Config entry, std::string_view model_class,
                                 std::string_view entry_class) {
    const bool same_class = model_class == entry_class;
    visit_fields(entry, [&](std::string_view field, auto& in_entry) {
        if (config_field_matters(field, model_class, same_class))
            return;
        visit_fields(model, [&](std::string_view other, const auto& in_model) {
            if constexpr (std::is_same_v<const std::remove_reference_t<decltype(in_entry)>,
                                         std::remove_reference_t<decltype(in_model)>>)
                if (field == other)
                    in_entry = in_model;
        });
    });
    return entry;
}

namespace detail {

/// A key of a checkpoint in memory that constant evaluation can use.
struct KeyText {
    std::array<char, ParamPath::capacity> text{};
    std::size_t length = 0;

    constexpr void append(std::string_view part) {
        for (const char c : part)
            text[length++] = c;
    }
    constexpr std::string_view view() const { return {text.data(), length}; }
};

/// The tensor of a key among tensors sorted by name; null: not there.
constexpr const TensorRecord* find_tensor(std::span<const TensorRecord> tensors,
                                          std::string_view key) {
    std::size_t begin = 0;
    std::size_t end = tensors.size();
    while (begin < end) {
        const std::size_t middle = begin + (end - begin) / 2;
        const int order = tensors[middle].name.compare(key);
        if (order == 0)
            return &tensors[middle];
        if (order < 0)
            begin = middle + 1;
        else
            end = middle;
    }
    return nullptr;
}

/// "bert.pooler.dense.weight" is below "bert".
constexpr bool is_below(std::string_view prefix, std::string_view name) {
    return name.size() > prefix.size() && name[prefix.size()] == '.' && name.starts_with(prefix);
}

/// How a model's parameter names become keys of a checkpoint: as they are, or with the base model's
/// prefix added or taken away where only one of the two has it.
struct PrefixRule {
    std::string_view prefix;  // "bert"
    bool add = false;
    bool strip = false;

    constexpr std::string_view stripped(std::string_view name) const {
        return strip && is_below(prefix, name) ? name.substr(prefix.size() + 1) : name;
    }
};

constexpr PrefixRule prefix_rule(std::span<const TensorRecord> tensors, std::string_view prefix,
                                 bool is_base_model) {
    bool in_file = false;
    for (const TensorRecord& tensor : tensors)
        in_file = in_file || is_below(prefix, tensor.name);
    return {prefix, in_file && is_base_model, !in_file && !is_base_model};
}

/// The tensor that the loader would take for a parameter: under its key, or under the old names of
/// layer norms (gamma, beta).
constexpr const TensorRecord* find_param(std::span<const TensorRecord> tensors,
                                         const PrefixRule& rule, std::string_view name) {
    KeyText key;
    if (rule.add) {
        key.append(rule.prefix);
        key.append(".");
    }
    key.append(rule.stripped(name));
    if (const TensorRecord* found = find_tensor(tensors, key.view()))
        return found;
    for (const auto& [now, once] :
         {std::pair<std::string_view, std::string_view>{"LayerNorm.weight", "LayerNorm.gamma"},
          std::pair<std::string_view, std::string_view>{"LayerNorm.bias", "LayerNorm.beta"}}) {
        if (key.view().ends_with(now)) {
            key.length -= now.size();
            key.append(once);
            return find_tensor(tensors, key.view());
        }
    }
    return nullptr;
}

/// The first parameter that an entry's tensors do not serve.
struct Fault {
    enum class Kind { none, missing, shape };
    Kind kind = Kind::none;
    std::size_t param = 0;
    Shape in_entry;
};

template <class Model, const auto& Entry>
struct TensorCheck {
    static constexpr PrefixRule rule =
        prefix_rule(Entry.tensors, Model::base_model_prefix, Model::is_base_model);

    /// A head may be missing where another class wrote the checkpoint: the loader makes a new one.
    static constexpr bool may_be_missing(std::string_view name) {
        return Entry.architecture != Model::class_name && !Model::is_base_model &&
               !is_below(Model::base_model_prefix, name);
    }

    static constexpr const TensorRecord* find(std::string_view name) {
        if (const TensorRecord* found = find_param(Entry.tensors, rule, name))
            return found;
        for (const Tie& tie : Model::ties)
            if (tie.source == name)
                if (const TensorRecord* found = find_param(Entry.tensors, rule, tie.name))
                    return found;
        return nullptr;
    }

    static constexpr Fault first_fault(std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const ParamInfo& param = params<Model>[i];
            const TensorRecord* found = find(param.name);
            if (!found && !may_be_missing(param.name))
                return {Fault::Kind::missing, i, {}};
            if (found && !(found->shape == param.shape))
                return {Fault::Kind::shape, i, found->shape};
        }
        return {};
    }

    // Clang evaluates about a million steps for one constant: many parameters take several.
    static constexpr std::size_t chunk = 16;
    template <std::size_t I>
    static constexpr Fault chunk_fault = first_fault(I* chunk, std::min((I + 1) * chunk,
                                                                        params<Model>.size()));

    static constexpr Fault fault = []<std::size_t... I>(std::index_sequence<I...>) {
        Fault first;
        ((first.kind == Fault::Kind::none ? void(first = chunk_fault<I>) : void()), ...);
        return first;
    }
    (std::make_index_sequence<(params<Model>.size() + chunk - 1) / chunk>{});
};

}  // namespace detail

// Names and shapes as diagnostics show them. GCC prints arrays of characters inside a template
// argument as text; Clang 14 prints their numbers, so for it a name is a list of characters.
#if defined(__clang__)
template <char... Letters>
struct TensorName {};
#else
template <std::size_t Size>
struct Text {
    char letters[Size];
};
template <Text Letters>
struct TensorName {};
#endif
template <std::size_t... Dims>
struct ModelShape {};
template <std::size_t... Dims>
struct EntryShape {};

/// Whether an entry's list of tensors has the one that a parameter of the model needs.
template <class Tensor, class Needed, bool Found>
struct IsInEntry {
    static constexpr bool holds() { return Found; }
};

/// Whether an entry's tensor has the shape that the model needs.
template <class Tensor, class Needed, class Found>
struct HasModelShape {
    static constexpr bool holds() { return std::is_void_v<Found>; }
};

namespace detail {

template <class Model, std::size_t Param>
auto tensor_name() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        constexpr std::string_view name = params<Model>[Param].name;
#if defined(__clang__)
        return TensorName<name[I]...>{};
#else
        return TensorName<Text<sizeof...(I) + 1>{{name[I]..., '\0'}}>{};
#endif
    }
    (std::make_index_sequence<params<Model>[Param].name.size()>{});
}

template <template <std::size_t...> class Result, Shape Dims>
auto as_type() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        return Result<Dims[I]...>{};
    }
    (std::make_index_sequence<Dims.rank>{});
}

/// One assertion for each kind of fault, on types that hold the name and the shapes.
template <class Model, Fault F>
struct ReportFault {
    using Name = decltype(tensor_name<Model, F.param>());
    using Needed = decltype(as_type<ModelShape, params<Model>[F.param].shape>());
    static_assert(Holds<IsInEntry<Name, Needed, F.kind != Fault::Kind::missing>>,
                  "weights manifest: the entry has not got this tensor, which the model needs");
    static constexpr bool checked = true;
};
template <class Model, Fault F>
requires(F.kind == Fault::Kind::shape) struct ReportFault<Model, F> {
    using Name = decltype(tensor_name<Model, F.param>());
    using Needed = decltype(as_type<ModelShape, params<Model>[F.param].shape>());
    using Found = decltype(as_type<EntryShape, F.in_entry>());
    static_assert(Holds<HasModelShape<Name, Needed, Found>>,
                  "weights manifest: this tensor has another shape in the entry than in the model");
    static constexpr bool checked = true;
};

/// Two values are of one family's config type.
template <class Model, class Entry>
struct SameFamily {
    static constexpr bool holds() { return std::is_same_v<Model, Entry>; }
};

}  // namespace detail

/// Bytes are within a budget, as fits<Model>(budget) has it; the compiler shows both numbers of
/// static_assert(Holds<WithinBudget, param_bytes<Model>(), 64_MiB>) where it fails.
struct WithinBudget {
    static constexpr bool holds(std::size_t bytes, std::size_t budget) { return bytes <= budget; }
};

/// Fails to compile where the tensors that an entry lists, if it lists any, do not serve a model:
/// with the name of the first one that is missing or has another shape, and both shapes.
template <class Model, const auto& Entry>
struct CheckTensors {
    static constexpr bool checked = [] {
        if constexpr (!Entry.tensors.empty()) {
            constexpr detail::Fault fault = detail::TensorCheck<Model, Entry>::fault;
            if constexpr (fault.kind != detail::Fault::Kind::none)
                return detail::ReportFault<Model, fault>::checked;
        }
        return true;
    }();
};

/// Fails to compile where the entry Weights<Entry> does not fit a model: with the name of each
/// config field that differs and both values, or as CheckTensors.
template <class Model, auto Entry>
struct CheckWeights {
    using ModelConfig = std::remove_const_t<decltype(Model::config)>;
    using EntryConfig = std::remove_const_t<decltype(Weights<Entry>::config)>;
    static_assert(Holds<detail::SameFamily<ModelConfig, EntryConfig>>,
                  "weights manifest: the entry is for models of another family");

    static constexpr bool check() {
        if constexpr (std::is_same_v<ModelConfig, EntryConfig>) {
            constexpr EntryConfig config =
                matching_fields(resolved(Model::config), resolved(Weights<Entry>::config),
                                Model::class_name, Weights<Entry>::entry.architecture);
            if constexpr (SameConfig<resolved(Model::config), config>::checked)
                return CheckTensors<Model, Weights<Entry>::entry>::checked;
        }
        return false;
    }
    static constexpr bool checked = check();
};

}  // namespace xzoo

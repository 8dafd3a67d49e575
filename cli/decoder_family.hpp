// Makes the language models of a family from its configs, each in every precision. Included by the
// files generators_*.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/config_set.hpp"
#include "cli/generators.hpp"
#include "xzoo/core/weights.hpp"

namespace xzoo::cli {

/// A language model of one type behind the interface of all.
template <class Model>
class GeneratorOf final : public LoadableOf<Model, AnyGenerator> {
public:
    std::unique_ptr<nn::LanguageModel> language_model() const override {
        using Language = decltype(this->model().language_model());
        return std::unique_ptr<nn::LanguageModel>{new Language(this->model().language_model())};
    }
    GenerationFile generation_config() const override { return this->model().generation_config(); }
};

/// The distinct configs of Family::named and of the entries of the manifest.
template <class Family>
constexpr auto make_decoder_configs() {
    using Table = WeightsTable<typename WeightsOf<typename Family::Config>::type>;
    ConfigSet<typename Family::Config, Family::named.size() + Table::configs.size()> set;
    for (const auto& named : Family::named)
        set.add(named.name, without_labels(named.config));
    for (const auto& config : Table::configs)
        set.add("", without_labels(config));
    return set;
}
template <class Family>
inline constexpr auto decoder_configs = make_decoder_configs<Family>();

template <class Model>
GeneratorKind generator_kind(std::string_view name, Precision precision) {
    return {.name = name,
            .precision = precision,
            .description = describe_model<Model>(),
            .num_parameters = Model::num_parameters(),
            .bytes = Model::memory_footprint(),
            .max_positions = Model::max_positions,
            .make = []() -> std::unique_ptr<AnyGenerator> {
                return std::make_unique<GeneratorOf<Model>>();
            }};
}

/// All kinds of a family, which has: Config, `named` (an array of KnownConfig), and for a config C
/// and a precision P the template CausalLM<C, P>.
template <class Family>
std::vector<GeneratorKind> decoder_kinds() {
    std::vector<GeneratorKind> kinds;
    const auto add = [&]<Precisions P, std::size_t... I>(std::index_sequence<I...>) {
        constexpr const auto& set = decoder_configs<Family>;
        (kinds.push_back(
             generator_kind<typename Family::template CausalLM<set.configs[I].config, P>>(
                 set.configs[I].name, P.weights)),
         ...);
    };
    constexpr std::make_index_sequence<decoder_configs<Family>.size> all{};
    add.template operator()<f32>(all);
    add.template operator()<bf16>(all);
    add.template operator()<i8>(all);
    add.template operator()<q8>(all);
    add.template operator()<q4>(all);
    return kinds;
}

}  // namespace xzoo::cli

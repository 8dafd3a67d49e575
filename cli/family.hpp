// Makes the kinds of a family from its configs: those with a name in the zoo and those of the
// manifest's entries. Included by models_bert.cpp and models_siblings.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#include <xtensor/xadapt.hpp>

#include "cli/config_set.hpp"
#include "cli/loadable.hpp"
#include "cli/models.hpp"
#include "xzoo/pretrained.hpp"

namespace xzoo::cli {

/// A config that the zoo has a name for. Its encoder is compiled in; heads only where asked for,
/// since every type costs compile time.
template <class Config>
struct NamedConfig {
    std::string_view name;
    Config config;
    bool masked_lm = false;
    bool classifier = false;  // with the config's num_labels
};

/// A model of one type behind the interface of all.
template <class Model>
class ModelOf final : public LoadableOf<Model, AnyModel> {
public:
    explicit ModelOf(int threads) : workspace_{threads} { inputs_.skip_padding = true; }

    std::span<const float> run(const TokenBatch& tokens) override {
        const std::array<std::size_t, 2> shape{tokens.batch, tokens.length};
        inputs_.input_ids = xt::adapt(tokens.ids, shape);
        inputs_.attention_mask = xt::adapt(tokens.mask, shape);
        if constexpr (requires { Model::config.type_vocab_size; })
            if (Model::config.type_vocab_size > 1)
                inputs_.token_type_ids = xt::adapt(tokens.types, shape);
        this->model().forward(inputs_, workspace_, output_);
        if constexpr (requires { output_.last_hidden_state; })
            return {output_.last_hidden_state.data(), output_.last_hidden_state.size()};
        else
            return {output_.logits.data(), output_.logits.size()};
    }

    const std::vector<std::string>& labels() const override { return this->model().labels(); }

private:
    Workspace workspace_;
    EncoderInputs inputs_;
    typename Model::Output output_;
};

/// The distinct configs for a task, of Family::named and of the entries of the manifest.
template <class Family, Task For>
constexpr auto make_configs() {
    using Table = WeightsTable<typename WeightsOf<typename Family::Config>::type>;
    ConfigSet<typename Family::Config, Family::named.size() + Table::configs.size()> set;
    // One encoder serves all heads.
    const auto add = [&](std::string_view name, const auto& config) {
        set.add(name, For == Task::classify ? config : without_labels(config));
    };
    for (const auto& named : Family::named)
        if (For == Task::embed || (For == Task::fill_mask ? named.masked_lm : named.classifier))
            add(named.name, named.config);
    for (std::size_t i = 0; i < Table::configs.size(); ++i)
        if (serves(For, Table::entries[i]->architecture))
            add("", Table::configs[i]);
    return set;
}
template <class Family, Task For>
inline constexpr auto configs_for = make_configs<Family, For>();

/// Tokens for which there are positions: some families do not use the first rows of the table.
template <class Config>
constexpr std::size_t max_tokens(const Config& config) {
    const std::string_view type = Config::model_type;
    const std::size_t unused = type == "mpnet" ? 2
                               : type == "roberta" || type == "xlm-roberta"
                                   ? static_cast<std::size_t>(config.pad_token_id) + 1
                                   : 0;
    return config.max_position_embeddings - unused;
}

template <class Model>
ModelKind kind_of(Task task, std::string_view name) {
    return {.task = task,
            .precision = precisions_of<Model>.weights,
            .name = name,
            .description = describe_model<Model>(),
            .num_parameters = Model::num_parameters(),
            .max_tokens = max_tokens(Model::config),
            .vocab_size = Model::config.vocab_size,
            .make = [](int threads) -> std::unique_ptr<AnyModel> {
                return std::make_unique<ModelOf<Model>>(threads);
            }};
}

/// The type of a family for a task.
template <class Family, Task For, auto C>
auto model_for() {
    if constexpr (For == Task::embed)
        return std::type_identity<typename Family::template Encoder<C>>{};
    else if constexpr (For == Task::fill_mask)
        return std::type_identity<typename Family::template MaskedLM<C>>{};
    else
        return std::type_identity<typename Family::template Classifier<C>>{};
}

template <class Family, Task For, Precisions P>
void add_kinds(std::vector<ModelKind>& kinds) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        constexpr const auto& set = configs_for<Family, For>;
        (kinds.push_back(
             kind_of<WithPrecisions<
                 typename decltype(model_for<Family, For, set.configs[I].config>())::type, P>>(
                 For, set.configs[I].name)),
         ...);
    }
    (std::make_index_sequence<configs_for<Family, For>.size>{});
}

/// All kinds of a family, which has: Config, `named`, and for a config C the templates Encoder<C>,
/// MaskedLM<C> and Classifier<C>.
template <class Family>
std::vector<ModelKind> family_kinds() {
    std::vector<ModelKind> kinds;
    const auto add = [&]<Precisions P>() {
        add_kinds<Family, Task::embed, P>(kinds);
        add_kinds<Family, Task::fill_mask, P>(kinds);
        add_kinds<Family, Task::classify, P>(kinds);
    };
    add.template operator()<f32>();
    add.template operator()<bf16>();
    add.template operator()<i8>();
    return kinds;
}

}  // namespace xzoo::cli

// Compares a model with the oracle's outputs in a case folder: config.json, model.safetensors,
// golden.safetensors (inputs and outputs) and golden.json (counts).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xtensor.hpp>

#include "support.hpp"
#include "xzoo/generation/generation_config.hpp"
#include "xzoo/nn/decoder_inputs.hpp"
#include "xzoo/nn/encoder_inputs.hpp"
#include "zoo/parts/causal_encoder.hpp"

namespace xzoo::golden {

/// The tensors of a golden.safetensors by name. Integers are kept as floats where they are masks.
class Case {
public:
    explicit Case(const std::filesystem::path& folder);

    bool has(const std::string& name) const { return tensors_.count(name) > 0; }
    const xt::xarray<double>& at(const std::string& name) const;
    std::vector<std::string> names(const std::string& prefix) const;
    std::size_t count(const std::string& key) const;  // a number of golden.json

    /// Compares a tensor with output.NAME: within 2e-5 * (1 + largest absolute expected value).
    /// Where the first two dimensions are (batch, length), padding is left out; so it is in rows
    /// and columns of attentions.
    void compare(const std::string& name, const float* found,
                 const std::vector<std::size_t>& shape);
    /// Compares generated ids with a tensor, which must be equal.
    void compare_ids(const std::string& name, const xt::xtensor<std::uint32_t, 2>& found);
    /// Fails for outputs of the oracle that were never compared.
    void finish() const;

private:
    bool is_token(std::size_t batch, std::size_t position) const;

    std::map<std::string, xt::xarray<double>> tensors_;
    std::map<std::string, std::size_t> counts_;
    std::vector<std::string> compared_;
};

template <class Tensor>
void compare(Case& golden, const std::string& name, const Tensor& found) {
    golden.compare(name, found.data(),
                   std::vector<std::size_t>(found.shape().begin(), found.shape().end()));
}

template <std::size_t Rank>
xt::xtensor<std::uint32_t, Rank> ids(const Case& golden, const std::string& name) {
    if (!golden.has(name))
        return {};
    return xt::cast<std::uint32_t>(golden.at(name));
}

template <class Inputs>
void set_mask(Inputs& given, const Case& golden) {
    if (golden.has("input.attention_mask"))
        given.attention_mask = xt::cast<float>(golden.at("input.attention_mask"));
}

inline EncoderInputs inputs(const Case& golden, const EncoderInputs*) {
    EncoderInputs given{.input_ids = ids<2>(golden, "input.input_ids"),
                        .token_type_ids = ids<2>(golden, "input.token_type_ids"),
                        .position_ids = ids<2>(golden, "input.position_ids"),
                        .output_hidden_states = true,
                        .output_attentions = true};
    set_mask(given, golden);
    return given;
}

inline MultipleChoiceInputs inputs(const Case& golden, const MultipleChoiceInputs*) {
    MultipleChoiceInputs given{.input_ids = ids<3>(golden, "input.input_ids"),
                               .token_type_ids = ids<3>(golden, "input.token_type_ids"),
                               .output_hidden_states = true,
                               .output_attentions = true};
    set_mask(given, golden);
    return given;
}

inline DecoderInputs inputs(const Case& golden, const DecoderInputs*) {
    DecoderInputs given{.input_ids = ids<2>(golden, "input.input_ids"),
                        .position_ids = ids<2>(golden, "input.position_ids"),
                        .output_hidden_states = true,
                        .output_attentions = true};
    set_mask(given, golden);
    return given;
}

/// Compares whatever the output type has.
template <class Output>
void compare_outputs(Case& golden, const Output& output) {
    if constexpr (requires { output.last_hidden_state; })
        compare(golden, "last_hidden_state", output.last_hidden_state);
    if constexpr (requires { output.pooler_output; })
        compare(golden, "pooler_output", output.pooler_output);
    if constexpr (requires { output.logits; })
        compare(golden, "logits", output.logits);
    if constexpr (requires { output.prediction_logits; })
        compare(golden, "prediction_logits", output.prediction_logits);
    if constexpr (requires { output.seq_relationship_logits; })
        compare(golden, "seq_relationship_logits", output.seq_relationship_logits);
    if constexpr (requires { output.sop_logits; })
        compare(golden, "sop_logits", output.sop_logits);
    if constexpr (requires { output.start_logits; }) {
        compare(golden, "start_logits", output.start_logits);
        compare(golden, "end_logits", output.end_logits);
    }
    for (std::size_t i = 0; i < output.hidden_states.size(); ++i)
        compare(golden, "hidden_states." + std::to_string(i), output.hidden_states[i]);
    for (std::size_t i = 0; i < output.attentions.size(); ++i)
        compare(golden, "attentions." + std::to_string(i), output.attentions[i]);
}

/// The settings of a sequence that the oracle generated, by its name; see README.md of golden/.
GenerationConfig generation_settings(const std::string& name);

/// Continues the prompts of the case as the oracle did; the ids must be the same.
template <class Model>
void compare_generated(Case& golden, const Model& model) {
    for (const std::string& name : golden.names("generate.")) {
        if (name == "generate.input_ids")
            continue;
        INFO(name);
        DecoderInputs prompt{.input_ids = ids<2>(golden, "input.input_ids")};
        if (name == "generate.batch_left_padded_greedy")
            prompt.attention_mask = xt::cast<float>(golden.at("input.attention_mask"));
        else
            prompt.input_ids = ids<2>(golden, "generate.input_ids");
        const xt::xtensor<std::uint32_t, 2> found =
            model.generate(prompt, generation_settings(name));
        golden.compare_ids(name, found);
    }
}

/// True for encoders that were trained as causal language models.
template <class Model>
inline constexpr bool writes = std::string_view{Model::class_name}.ends_with("LMHeadModel") ||
                               std::string_view{Model::class_name}.ends_with("ForCausalLM");

/// Loads the model from the folder, strictly, and compares everything the oracle returned.
template <class Model>
void run_case(const std::filesystem::path& folder) {
    Case golden{folder};
    const Model model = Model{}.from_pretrained(folder);
    CHECK(model.load_report().complete());
    CHECK(Model::num_parameters() == golden.count("num_parameters"));
    CHECK(Model::num_parameters(true) == golden.count("num_parameters_exclude_embeddings"));
    const auto given = inputs(golden, static_cast<const typename Model::Inputs*>(nullptr));
    compare_outputs(golden, model(given));
    if constexpr (requires { model.generation_config(); })
        compare_generated(golden, model);
    else if constexpr (writes<Model>)
        compare_generated(golden, CausalEncoder{model});
    golden.finish();
}

}  // namespace xzoo::golden

/// Defines the test of one case: its name, its folder, its model type.
#define XZOO_GOLDEN_CASE(name, folder, model)                                 \
    TEST_CASE("golden: " #name " equals the oracle", "[golden][" #name "]") { \
        xzoo::golden::run_case<model>(folder);                                \
    }

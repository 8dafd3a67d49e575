// The language models that the program is compiled for, behind one interface. Which of them runs is
// decided at run time, from a config.json and a precision. A file generators_*.cpp compiles the
// types of a few families.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/loadable.hpp"
#include "xzoo/auto_model.hpp"
#include "xzoo/core/precision.hpp"
#include "xzoo/generation/read_generation_config.hpp"
#include "xzoo/nn/language_model.hpp"

namespace xzoo::cli {

/// A causal language model of any of the types.
class AnyGenerator : public Loadable {
public:
    /// The model as generation sees it, for as long as this object lives and is not loaded anew.
    virtual std::unique_ptr<nn::LanguageModel> language_model() const = 0;
    /// What the files that the weights came with say on generation. Errors: ConfigError.
    virtual GenerationFile generation_config() const = 0;
};

/// A language model type that is compiled in.
struct GeneratorKind {
    std::string_view name;  // of its config, e.g. "smollm2_135m"; empty where only an entry has it
    Precision precision;
    ModelDescription description;
    std::size_t num_parameters;  // numbers
    std::size_t bytes;           // of them
    std::size_t max_positions;   // tokens of a text; 0: no limit
    std::unique_ptr<AnyGenerator> (*make)();
};

/// All kinds of one family. Errors: none.
std::vector<GeneratorKind> bloom_generators();
std::vector<GeneratorKind> falcon_generators();
std::vector<GeneratorKind> gemma_generators();
std::vector<GeneratorKind> gemma2_generators();
std::vector<GeneratorKind> gemma3_text_generators();
std::vector<GeneratorKind> gpt2_generators();
std::vector<GeneratorKind> gpt_neox_generators();
std::vector<GeneratorKind> gptj_generators();
std::vector<GeneratorKind> llama_generators();
std::vector<GeneratorKind> mistral_generators();
std::vector<GeneratorKind> mixtral_generators();
std::vector<GeneratorKind> olmo_generators();
std::vector<GeneratorKind> openai_gpt_generators();
std::vector<GeneratorKind> opt_generators();
std::vector<GeneratorKind> phi_generators();
std::vector<GeneratorKind> phi3_generators();
std::vector<GeneratorKind> qwen2_generators();
std::vector<GeneratorKind> qwen3_generators();
std::vector<GeneratorKind> starcoder2_generators();

/// All kinds of all families.
std::vector<GeneratorKind> all_generators();

/// The kind that a config.json describes, in a precision.
/// Errors  ConfigError that names the kinds there are and the fields that differ.
GeneratorKind choose_generator(Precision precision, const boost::json::object& config,
                               const std::string& where);

}  // namespace xzoo::cli

// The model types that the program is compiled for, behind one interface. Which of them runs is
// decided at run time, from a config.json. The types are compiled in models_bert.cpp and
// models_siblings.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/loadable.hpp"
#include "xzoo/auto_model.hpp"
#include "xzoo/core/precision.hpp"

namespace xzoo::cli {

/// What a model is used for.
enum class Task : std::uint8_t { embed, classify, fill_mask };

/// Whether a kind is made of an entry that this class wrote; an encoder is made of every one.
constexpr bool serves(Task task, std::string_view architecture) {
    return task == Task::embed ||
           (task == Task::fill_mask &&
            (architecture.ends_with("ForMaskedLM") || architecture.ends_with("ForPreTraining"))) ||
           (task == Task::classify && architecture.ends_with("ForSequenceClassification"));
}

/// Token sequences of one length, as a tokenizer pads them.
struct TokenBatch {
    std::size_t batch = 0;
    std::size_t length = 0;
    std::vector<std::uint32_t> ids{};    // (batch, length)
    std::vector<std::uint32_t> types{};  // (batch, length)
    std::vector<float> mask{};           // (batch, length): 1 for a token, 0 for padding
};

/// A model of any of the types.
class AnyModel : public Loadable {
public:
    /// Runs the model; the result lives until the next call.
    /// embed: (batch, length, hidden); classify: (batch, labels); fill_mask: (batch, length, vocab)
    virtual std::span<const float> run(const TokenBatch& tokens) = 0;

    virtual const std::vector<std::string>& labels() const = 0;
};

/// A model type that is compiled in.
struct ModelKind {
    Task task;
    Precision precision;
    std::string_view name;  // of its config, e.g. "bert_base"; empty where only an entry has it
    ModelDescription description;
    std::size_t num_parameters;  // numbers
    std::size_t max_tokens;      // of a text, special ones included
    std::size_t vocab_size;
    std::unique_ptr<AnyModel> (*make)(int threads);
};

/// All kinds of one family. Errors: none.
std::vector<ModelKind> albert_kinds();
std::vector<ModelKind> bert_kinds();
std::vector<ModelKind> distilbert_kinds();
std::vector<ModelKind> electra_kinds();
std::vector<ModelKind> mpnet_kinds();
std::vector<ModelKind> roberta_kinds();
std::vector<ModelKind> xlm_roberta_kinds();

/// All kinds of all families.
std::vector<ModelKind> all_kinds();

/// The kind for a task that a config.json describes, in a precision: f32, bf16 or i8.
/// Errors  ConfigError that names the kinds there are and the fields that differ.
ModelKind choose_kind(Task task, Precision precision, const boost::json::object& config,
                      const std::string& where);

}  // namespace xzoo::cli

// Where a model's parts come from, found by what a user calls the model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "cli/loadable.hpp"
#include "xzoo/core/precision.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/text/tokenizer.hpp"

namespace xzoo::cli {

struct ModelSource {
    std::string config_json;
    std::string config_where;  // what messages call it
    /// generation_config.json, where it does not come with the weights.
    std::string_view generation_config{};
    std::filesystem::path folder;       // of its files; empty where the program carries them
    std::string_view tokenizer_json{};  // where the program carries it
    std::function<io::Checkpoint()> open_weights;
    std::function<void(Loadable&, const io::LoadOptions&)> load_weights;
    std::function<Tokenizer()> tokenizer;

    /// The config.json. Errors: FileError where it is no JSON object.
    boost::json::object config() const;
    /// The precision of packed weights; none where the weights are not packed.
    /// Errors  as Checkpoint::open has them.
    std::optional<Precision> packed_precision() const;
    /// The precision that a word of --precision asks for; auto: that of packed weights, otherwise
    /// float32 or, of language models, bfloat16 where most bytes of the weights have 16 bits,
    /// whatever the config.json claims.
    /// Errors  likewise.
    Precision encoder_precision(const std::string& word) const;
    Precision generator_precision(const std::string& word) const;
    /// Loads the weights, with a bar that shows how far this is.
    /// directory  where to look for an entry's files before the cache.
    /// Errors  what from_pretrained throws; WeightsError: the checkpoint lacks weights of the
    /// model.
    void load(Loadable& model, std::string_view class_name,
              const std::filesystem::path& directory) const;
};

/// name  an entry of the manifest, a repository in the cache, a folder or a file; empty: the model
///       that answers where none is named.
/// Errors  ArgumentError: nothing has this name. FileError: its config.json is not there.
ModelSource find_source(const std::string& name, const std::filesystem::path& directory);

/// The tokenizer of a model, or that of a folder or a file without a model.
/// Errors  as find_source and Tokenizer have them.
Tokenizer find_tokenizer(const std::string& name, const std::filesystem::path& directory);

/// Checks that a model has a row for every token.
/// Errors  ArgumentError.
void require_fit(const Tokenizer& tokenizer, std::size_t vocab_size);

/// A token as the vocabulary has it: models may have more rows than the tokenizer has tokens.
std::string token_name(const Tokenizer& tokenizer, std::uint32_t id);

}  // namespace xzoo::cli

// A small language model for the commands: random weights, and a tokenizer of bytes.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "cli/run_cli.hpp"
#include "xzoo/text/byte_alphabet.hpp"
#include "xzoo/text/tokenizer.hpp"
#include "zoo/llama.hpp"

namespace xzoo::test {

constexpr std::uint32_t begin_id = 256;
constexpr std::uint32_t end_id = 257;

/// tokenizer.json: a token a byte, the id is the byte; <s> is put before every text, </s> ends one.
inline std::string byte_tokenizer_json() {
    boost::json::object vocabulary;
    for (int byte = 0; byte < 256; ++byte)
        vocabulary[text::to_byte_alphabet(std::string(1, static_cast<char>(byte)))] = byte;
    vocabulary["<s>"] = begin_id;
    vocabulary["</s>"] = end_id;
    const auto special = [](std::uint32_t id, const char* name) {
        return R"({"id": )" + std::to_string(id) + R"(, "content": ")" + name +
               R"(", "single_word": false, "lstrip": false, "rstrip": false,)"
               R"( "normalized": false, "special": true})";
    };
    return R"({"version": "1.0", "added_tokens": [)" + special(begin_id, "<s>") + ", " +
           special(end_id, "</s>") +
           R"(], "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space":)"
           R"( false, "trim_offsets": true, "use_regex": true}, "post_processor":)"
           R"( {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>",)"
           R"( "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],)"
           R"( "special_tokens": {"<s>": {"id": "<s>", "ids": [256], "tokens": ["<s>"]}}},)"
           R"( "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,)"
           R"( "use_regex": true}, "model": {"type": "BPE", "dropout": null, "unk_token": null,)"
           R"( "continuing_subword_prefix": null, "end_of_word_suffix": null,)"
           R"( "fuse_unk": false, "byte_fallback": false, "vocab": )" +
           boost::json::serialize(vocabulary) + R"(, "merges": []}})";
}

using SmallLlama = LlamaForCausalLM<stories_260k>;

/// A folder with a Llama of random weights, of a type that the program knows, which never writes
/// an id that its tokenizer does not have.
class LlamaFolder {
public:
    LlamaFolder() {
        SmallLlama{}.random_init(3).save_pretrained(folder_.path());
        folder_.write("tokenizer.json", byte_tokenizer_json());
        std::string unused;
        for (std::size_t id = end_id + 1; id < stories_260k.vocab_size; ++id)
            unused += (unused.empty() ? "" : ", ") + std::to_string(id);
        folder_.write("generation_config.json", R"({"bos_token_id": 256, "eos_token_id": 257,)"
                                                R"( "suppress_tokens": [)" +
                                                    unused + "]}");
        folder_.write("tokenizer_config.json",
                      R"({"bos_token": "<s>", "eos_token": "</s>", "chat_template":)"
                      R"( "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}[>]"})");
    }
    std::string path() const { return folder_.path().string(); }
    const TempFolder& folder() const { return folder_; }

private:
    TempFolder folder_;
};

/// What the model says to a text, as the template of LlamaFolder has it.
inline std::string said(const LlamaFolder& folder, const std::string& text,
                        std::size_t tokens = 8) {
    const auto model = SmallLlama{}.from_pretrained(folder.path());
    const auto tokenizer = Tokenizer::from_pretrained(folder.path());
    return model
        .generate(tokenizer(text, {.add_special_tokens = false}), {.max_new_tokens = tokens})
        .text;
}

}  // namespace xzoo::test

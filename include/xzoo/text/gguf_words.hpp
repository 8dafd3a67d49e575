#pragma once

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <xzoo/text/split_regexes.hpp>

namespace xzoo::text {

/// How a byte-level GGUF file splits texts: regular expressions in turn, by its tokenizer.ggml.pre.
struct GgufWords {
    std::vector<const char*> regexes;
    bool ignore_merges = false;
    bool add_bos = false;
};

/// Nothing for a name that is not known.
/// Source  the names that llama.cpp's converter writes, and what it does with them.
inline GgufWords find_gguf_words(std::string_view pre) {
    const auto is = [&](std::initializer_list<std::string_view> names) {
        return std::find(names.begin(), names.end(), pre) != names.end();
    };
    if (is({"default"}))
        return {{default_punctuation, gpt2_regex, R"(\p{N}+)", "[0-9][0-9][0-9]"}};
    if (is({"llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0",
            "lfm2"}))
        return {{cl100k_regex}, true, true};
    if (is({"dbrx", "smaug-bpe", "chatglm-bpe", "glm4"}))
        return {{cl100k_regex}};
    if (is({"gpt-2", "phi-2", "jina-es", "jina-de", "jina-v1-en", "jina-v2-es", "jina-v2-de",
            "jina-v2-code", "gigachat", "roberta-bpe", "mpt", "olmo", "jais", "trillion",
            "modern-bert", "a.x-4.0", "mellum"}))
        return {{gpt2_regex}};
    if (is({"qwen2", "deepseek-r1-qwen", "stablelm2", "megrez", "hunyuan", "solar-open"}))
        return {{qwen2_regex}};
    if (is({"starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"}))
        return {{R"(\p{N})", gpt2_regex}};
    if (is({"falcon"}))
        return {{falcon_punctuation, gpt2_regex, "[0-9][0-9][0-9]"}};
    if (is({"deepseek-llm"}))
        return {{"[\r\n]", deepseek_llm_letters, deepseek_llm_punctuation, R"(\s+$)",
                 deepseek_ideographs, R"(\p{N}+)"}};
    if (is({"deepseek-coder"}))
        return {{"[\r\n]", R"(\s?\p{L}+)", R"(\s?\p{P}+)", deepseek_ideographs, R"(\p{N})"}};
    if (is({"deepseek-v3", "hunyuan-dense"}))
        return {
            {R"(\p{N}{1,3})", R"([\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+)", deepseek3_regex}};
    if (is({"bloom", "poro-chat", "gpt3-finnish"}))
        return {{bloom_regex}};
    if (is({"viking"}))
        return {{bloom_regex, R"(\p{N})"}};
    if (is({"tekken"}))
        return {{tekken_regex}, true};
    if (is({"gpt-4o", "llama4"}))
        return {{o200k_regex}};
    return {};
}

}  // namespace xzoo::text

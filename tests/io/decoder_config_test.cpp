// config.json of decoders: defaults, null, lists for layers, and what is not read.
#include <boost/json/parse.hpp>
#include <string>

#include "support.hpp"
#include "xzoo/io/config_json.hpp"
#include "zoo/gemma.hpp"
#include "zoo/gemma2.hpp"
#include "zoo/gemma3_text.hpp"
#include "zoo/mistral.hpp"
#include "zoo/qwen2.hpp"
#include "zoo/qwen3_moe.hpp"

using namespace xzoo;

namespace {

template <class Config>
Config read(const std::string& fields) {
    const std::string text =
        std::string{R"({"model_type": ")"} + Config::model_type + "\", " + fields + "}";
    return io::read_config<Config>(boost::json::parse(text).as_object(), "config.json");
}

/// The config that is read from what is written of a config.
template <class Config>
Config read_back(const Config& config) {
    const std::string text =
        io::config_text(config, "AnyModel", Config::model_type, "", Dtype::f32);
    return io::read_config<Config>(boost::json::parse(text).as_object(), "config.json");
}

template <class Config>
void refuses(const std::string& fields, const std::string& problem) {
    try {
        read<Config>(fields);
        FAIL("accepted " << fields);
    } catch (const ConfigError& error) {
        INFO(error.what());
        CHECK(std::string{error.what()}.find(problem) != std::string::npos);
    }
}

const std::string three_layers = R"("num_hidden_layers": 3, "sliding_window": 8)";

}  // namespace

TEST_CASE("absent fields of a decoder have the class's defaults, null is none", "[io]") {
    CHECK(read<MistralConfig>(R"("head_dim": 16)").sliding_window == 4096);
    const auto config = read<MistralConfig>(
        R"("sliding_window": null, "head_dim": null, "num_key_value_heads": null)");
    CHECK(config.sliding_window == 0);
    CHECK(config.head_dim == 128);
    CHECK(config.num_key_value_heads == 32);
    CHECK(read_back(config) == config);
    refuses<MistralConfig>(R"("vocab_size": null)", "vocab_size: expected a whole number");
    refuses<GemmaConfig>(R"("num_key_value_heads": null)", "num_key_value_heads: expected");
    const auto caps =
        read<Gemma2Config>(R"("attn_logit_softcapping": null, "final_logit_softcapping": null)");
    CHECK(caps.attn_logit_softcapping == 0.0F);
    CHECK(caps.final_logit_softcapping == 0.0F);
    CHECK(read_back(caps) == caps);
}

TEST_CASE("Gemma's activation is hidden_activation, whatever hidden_act says", "[io]") {
    CHECK(read<GemmaConfig>(R"("hidden_act": "gelu", "hidden_activation": null)") == gemma_7b);
    CHECK(read<GemmaConfig>(R"("hidden_activation": "relu")").hidden_activation ==
          Activation::relu);
}

TEST_CASE("layer_types that repeat the pattern are the pattern", "[io]") {
    const std::string by_two =
        R"(, "layer_types": ["sliding_attention", "full_attention", "sliding_attention"])";
    CHECK(read<Gemma2Config>(three_layers + by_two) == read<Gemma2Config>(three_layers));
    CHECK(read<Gemma2Config>(three_layers + R"(, "layer_types": null)") ==
          read<Gemma2Config>(three_layers));
    const auto pattern = read<Gemma3TextConfig>(three_layers + R"(, "sliding_window_pattern": 2)");
    CHECK(pattern ==
          read<Gemma3TextConfig>(three_layers + by_two + R"(, "_sliding_window_pattern": 2)"));
    CHECK(pattern.window(1) == 0);
    const auto listed = read<Gemma3TextConfig>(three_layers + by_two);  // the pattern is 6
    CHECK(listed.layer_types.size == 3);
    CHECK(listed.window(1) == 0);
    CHECK(listed.rope_of(1) == 0);
    CHECK(listed.window(2) == 8);
    CHECK(read_back(listed) == listed);
    CHECK(read_back(pattern) == pattern);
}

TEST_CASE("layer_types of another length or with other names are refused", "[io]") {
    refuses<Gemma2Config>(three_layers + R"(, "layer_types": ["full_attention"])",
                          "'layer_types' must have 'num_hidden_layers' items");
    refuses<Gemma2Config>(three_layers + R"(, "layer_types": ["chunked_attention"])",
                          "items are one of full_attention, sliding_attention");
    std::string many = R"(, "layer_types": ["full_attention")";
    for (int i = 0; i < 128; ++i)
        many += R"(, "full_attention")";
    refuses<Gemma2Config>(three_layers + many + "]", "a list of at most 128 items");
    refuses<Gemma3TextConfig>(R"("use_bidirectional_attention": true)",
                              "use_bidirectional_attention: expected false");
}

TEST_CASE("Qwen2's windows count only where they are used", "[io]") {
    const auto unused = read<Qwen2Config>(
        R"("use_sliding_window": false, "sliding_window": 32768, "max_window_layers": 21)");
    CHECK(unused == read<Qwen2Config>(R"("sliding_window": null)"));
    CHECK(unused.window(31) == 0);
    CHECK(read_back(unused) == unused);
    const auto used = read<Qwen2Config>(
        R"("use_sliding_window": true, "sliding_window": 8, "max_window_layers": 21)");
    CHECK(used.window(0) == 8);
    CHECK(used.window(21) == 8);
    CHECK(read_back(used) == used);
}

TEST_CASE("Qwen3-MoE's list of plain layers may be null", "[io]") {
    CHECK(read<Qwen3MoeConfig>(R"("mlp_only_layers": null)") ==
          read<Qwen3MoeConfig>(R"("mlp_only_layers": [])"));
    const auto config =
        read<Qwen3MoeConfig>(R"("mlp_only_layers": [1, 3], "decoder_sparse_step": 2)");
    CHECK_FALSE(config.is_sparse(0));
    CHECK_FALSE(config.is_sparse(1));
    CHECK_FALSE(config.is_sparse(3));
    CHECK(config.is_sparse(5));
    CHECK(read_back(config) == config);
    refuses<Qwen3MoeConfig>(R"("mlp_only_layers": [-1])", "a list whose items are a whole number");
}

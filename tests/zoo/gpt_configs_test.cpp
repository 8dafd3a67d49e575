// What config.json of the decoder families says in a way of its own.
#include <boost/json/parse.hpp>
#include <string>

#include "support.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/io/config_json.hpp"
#include "zoo/bloom.hpp"
#include "zoo/falcon.hpp"
#include "zoo/gpt_neox.hpp"
#include "zoo/gptj.hpp"
#include "zoo/olmo.hpp"
#include "zoo/openai_gpt.hpp"
#include "zoo/opt.hpp"
#include "zoo/phi.hpp"
#include "zoo/phi3.hpp"
#include "zoo/starcoder2.hpp"

using namespace xzoo;

namespace {

template <class Config>
Config read(const std::string& json) {
    return io::read_config<Config>(boost::json::parse(json).as_object(), "config.json");
}

template <class Config>
void refuses(const std::string& json, const std::string& message) {
    INFO(json);
    try {
        read<Config>(json);
        FAIL_CHECK("it was accepted");
    } catch (const ConfigError& error) {
        INFO(error.what());
        CHECK(std::string{error.what()}.find(message) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("an empty config.json is the class's default", "[zoo][config]") {
    CHECK(read<OpenAiGptConfig>("{}") == OpenAiGptConfig{});
    CHECK(read<GptNeoXConfig>("{}") == GptNeoXConfig{});
    CHECK(read<GptJConfig>("{}") == GptJConfig{}.resolved());
    CHECK(read<OptConfig>("{}") == OptConfig{}.resolved());
    CHECK(read<BloomConfig>("{}") == BloomConfig{});
    CHECK(read<FalconConfig>("{}") == FalconConfig{}.resolved());
    CHECK(read<PhiConfig>("{}") == PhiConfig{}.resolved());
    CHECK(read<Phi3Config>("{}") == Phi3Config{}.resolved());
    CHECK(read<OlmoConfig>("{}") == OlmoConfig{}.resolved());
    CHECK(read<Starcoder2Config>("{}") == Starcoder2Config{});
}

TEST_CASE("null is what the class makes of it", "[zoo][config]") {
    CHECK(read<GptJConfig>(R"({"n_inner": null})").n_inner == 4 * 4096);
    CHECK(read<GptJConfig>(R"({"rotary_dim": null, "n_head": 1})").rotary_dim == 4096);
    refuses<GptJConfig>(R"({"rotary_dim": null})", "'rotary_dim' must not exceed a head");
    CHECK(read<OptConfig>(R"({"word_embed_proj_dim": null})").word_embed_proj_dim == 768);
    CHECK(read<OlmoConfig>(R"({"clip_qkv": null})").clip_qkv == 0.0F);
    CHECK(read<OlmoConfig>(R"({"clip_qkv": 8.0})").clip_qkv == 8.0F);
    CHECK(read<PhiConfig>(R"({"num_key_value_heads": null})").num_key_value_heads == 32);
    CHECK(read<Starcoder2Config>(R"({"num_key_value_heads": null})").num_key_value_heads == 24);
    CHECK(read<Starcoder2Config>(R"({"sliding_window": null})").sliding_window == 0);
    CHECK(read<Phi3Config>(R"({"sliding_window": null, "rope_scaling": null})") ==
          Phi3Config{}.resolved());
    const auto falcon = read<FalconConfig>(
        R"({"new_decoder_architecture": true, "num_ln_in_parallel_attn": null,
            "num_kv_heads": null, "ffn_hidden_size": null})");
    CHECK(falcon.num_ln_in_parallel_attn == 2);
    CHECK(falcon.num_kv_heads == 71);
    CHECK(falcon.ffn_hidden_size == 4 * 4544);
}

TEST_CASE("fields go by the other names of their classes", "[zoo][config]") {
    const auto bloom =
        read<BloomConfig>(R"({"n_embed": 96, "num_attention_heads": 12, "num_hidden_layers": 3})");
    CHECK(bloom == BloomConfig{.hidden_size = 96, .n_layer = 3, .n_head = 12});
    CHECK(read<OpenAiGptConfig>(R"({"hidden_size": 24})").n_embd == 24);
    CHECK(read<GptJConfig>(R"({"max_position_embeddings": 24})").n_positions == 24);
}

TEST_CASE("the head counts of Falcon's architectures are what its attention uses",
          "[zoo][falcon]") {
    CHECK(read<FalconConfig>(R"({"num_kv_heads": 71})").num_kv_heads == 1);
    CHECK(read<FalconConfig>(R"({"multi_query": false, "num_kv_heads": 3})").num_kv_heads == 71);
}

TEST_CASE("Phi-3's rope_scaling goes by three names and has two lists of factors", "[zoo][phi3]") {
    const std::string sizes =
        R"("hidden_size": 16, "num_attention_heads": 2, "partial_rotary_factor": 0.5, )";
    const auto scaling = [&](const std::string& type, const std::string& lists) {
        return "{" + sizes + R"("rope_scaling": {"type": ")" + type + "\"" + lists + "}}";
    };
    const std::string lists = R"(, "short_factor": [1, 1.5], "long_factor": [2, 2.5])";
    for (const char* type : {"longrope", "su", "yarn"}) {
        const auto config = read<Phi3Config>(scaling(type, lists));
        CHECK(config.rope_scaling ==
              Phi3RopeScaling{Phi3RopeType::longrope, {2, {1.0F, 1.5F}}, {2, {2.0F, 2.5F}}});
        const nn::RopeSpec rope = config.ropes()[0];
        CHECK(rope.dims == 4);
        CHECK(rope.scaling.original_max_position_embeddings == 4096);
        CHECK(rope.long_factors[1] == 2.5F);
    }
    const std::string rule = "'rope_scaling' must have a factor for each pair that is rotated";
    refuses<Phi3Config>(scaling("longrope", ""), rule);
    refuses<Phi3Config>(scaling("su", R"(, "short_factor": [1, 1.5], "long_factor": [2])"), rule);
    refuses<Phi3Config>(scaling("su", R"(, "short_factor": [1, 0], "long_factor": [2, 2])"), rule);
    refuses<Phi3Config>(scaling("default", lists), rule);
    refuses<Phi3Config>(scaling("linear", lists), "longrope, su, yarn");
}

TEST_CASE("a part of a head is as many numbers as Python makes it", "[zoo][config]") {
    STATIC_REQUIRE(nn::rotated_dims(80, 0.4F) == 32);
    STATIC_REQUIRE(nn::rotated_dims(10, 0.7F) == 7);
    STATIC_REQUIRE(nn::rotated_dims(100, 0.29F) == 28);  // 28.999999999999996
    STATIC_REQUIRE(nn::rotated_dims(64, 1.0F) == 64);
    STATIC_REQUIRE(nn::rotated_dims(64, 0.0F) == 0);
    STATIC_REQUIRE(nn::rotated_dims(64, -0.5F) == 0);
    STATIC_REQUIRE(nn::rotated_dims(64, 1.5F) == 0);
}

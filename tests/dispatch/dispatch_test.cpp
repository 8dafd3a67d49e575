// The shipped models with kernels that are chosen when the program runs. The environment variable
// XZOO_ARCH says which; the build runs the program once for each architecture.
#include "xzoo/simd/dispatch.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"
#include "temp_folder.hpp"
#include "xzoo/nn/cosine_similarity.hpp"
#include "zoo/bert.hpp"
#include "zoo/llama.hpp"

using namespace xzoo;
using test::shipped;

namespace {

std::string wanted() {
    const char* value = std::getenv("XZOO_ARCH");
    return value == nullptr ? "" : value;
}

/// Whether this machine has the architecture that is asked for; says so where it has not.
bool is_there() {
    try {
        simd::require_architecture();
        return true;
    } catch (const ArgumentError&) {
        WARN("skipped: this machine has no " << wanted());
        return false;
    }
}

std::vector<float> logits_of(const auto& model, const std::vector<std::uint32_t>& ids) {
    typename std::remove_cvref_t<decltype(model)>::Inputs inputs;
    inputs.input_ids.resize({1, ids.size()});
    std::copy(ids.begin(), ids.end(), inputs.input_ids.begin());
    const auto logits = model(inputs).logits;
    return {logits.begin(), logits.end()};
}

std::vector<std::uint32_t> ids_of(const boost::json::value& json) {
    std::vector<std::uint32_t> ids;
    for (const auto& id : json.as_array())
        ids.push_back(id.to_number<std::uint32_t>());
    return ids;
}

double least_cosine(const std::vector<std::vector<float>>& a,
                    const std::vector<std::vector<float>>& b) {
    double least = 1.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        least = std::min(least, double{cosine_similarity(std::span{a[i]}, std::span{b[i]})});
    return least;
}

}  // namespace

TEST_CASE("the kernels are those that XZOO_ARCH names", "[dispatch]") {
    if (!is_there())
        return;
    const std::string_view found = simd::arch_name<>();
    CHECK(found == simd::kernel_table().name);
    const std::string name = wanted();
    if (name.empty())
        return;
    const auto has = [&](std::string_view part) { return found.find(part) != found.npos; };
    CHECK(has("avx512") == name.starts_with("avx512"));
    CHECK(has("vnni") == (name == "avx_vnni" || name == "avx512_vnni" || name == "avx512_bf16" ||
                          name == "avx512_amx"));
    CHECK(has("bf16") == (name == "avx512_bf16" || name == "avx512_amx"));
    CHECK(has("amx") == (name == "avx512_amx"));
}

TEST_CASE("an encoder gives its labels in every precision", "[dispatch]") {
    if (!is_there())
        return;
    const auto model =
        Weights<BertWeights::language_id>::model{}.from_pretrained(shipped("language_id"));
    const auto json =
        boost::json::parse(io::read_text((shipped("language_id") / "expected.json").string()));
    std::vector<std::vector<std::uint32_t>> sentences;
    std::vector<std::vector<float>> expected;
    for (const auto& sentence : json.at("sentences").as_array()) {
        sentences.push_back(ids_of(sentence.at("ids")));
        expected.emplace_back();
        for (const auto& logit : sentence.at("logits").as_array())
            expected.back().push_back(logit.to_number<float>());
    }
    REQUIRE(sentences.size() >= 24);
    const auto run = [&](const auto& any) {
        std::vector<std::vector<float>> all;
        for (const auto& ids : sentences)
            all.push_back(logits_of(any, ids));
        return all;
    };
    const auto found = run(model);
    for (std::size_t i = 0; i < found.size(); ++i)
        test::require_close(found[i], expected[i], 2e-4);
    CHECK(least_cosine(run(model.to<bf16>()), found) >= 0.9999);
    CHECK(least_cosine(run(model.to<i8>()), found) >= 0.9995);
}

TEST_CASE("a decoder continues a text in every precision", "[dispatch]") {
    if (!is_there())
        return;
    const auto model =
        Weights<LlamaWeights::language_model>::model{}.from_pretrained(shipped("language_model"));
    std::vector<std::uint32_t> prompt(40);
    for (std::size_t i = 0; i < prompt.size(); ++i)
        prompt[i] = static_cast<std::uint32_t>(5 + i * 37 % 900);
    const std::vector<float> expected = logits_of(model, prompt);
    // Token by token from a cache, the same as at once.
    const auto decoder = model.language_model();
    nn::KvCache cache = decoder.make_cache({.capacity = 64});
    Workspace workspace;
    nn::StepOutput step;
    const std::size_t vocabulary = decoder.vocab_size();
    for (std::size_t t = 0; t < prompt.size(); ++t) {
        const nn::CacheStep next{0, {prompt.data() + t, 1}};
        decoder.step(cache, {&next, 1}, nn::ScoredRows::last, false, workspace, step);
        test::require_close({step.logits.data(), vocabulary},
                            std::span{expected}.subspan(t * vocabulary, vocabulary), 2e-3);
    }
    const auto cosine = [&](const auto& any) {
        return least_cosine({logits_of(any, prompt)}, {expected});
    };
    CHECK(cosine(model.to<bf16>()) >= 0.999);
    CHECK(cosine(model.to<q8>()) >= 0.999);
    CHECK(cosine(model.to<q4>()) >= 0.98);
    // What this architecture packs it maps again.
    const test::TempFolder folder;
    const auto file = folder.path() / "packed.safetensors";
    model.save_packed(file);
    using Model = Weights<LlamaWeights::language_model>::model;
    CHECK(logits_of(Model{}.from_pretrained(file), prompt) == expected);
}

TEST_CASE("an architecture that is not there is refused, with those that are", "[dispatch]") {
    if (!is_there())
        return;
    const std::string before = wanted();
    ::setenv("XZOO_ARCH", "pentium", 1);
    const auto load = [] { return Bert<bert_tiny>{}.random_init(1); };
    CHECK_THROWS_WITH(load(), Catch::Matchers::Contains("XZOO_ARCH is 'pentium'") &&
                                  Catch::Matchers::Contains(before.empty() ? "," : before));
    if (before.empty())
        ::unsetenv("XZOO_ARCH");
    else
        ::setenv("XZOO_ARCH", before.c_str(), 1);
    CHECK(load().has_weights());
}

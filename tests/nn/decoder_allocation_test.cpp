// A warm decoder asks nothing of the heap, for a batch and for the next token.
#include <cstddef>
#include <vector>

#include "allocations.hpp"
#include "nn/decoder_support.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;
using SmallLlama = LlamaForCausalLM<small_llama>;
using SmallWindow = WindowModel<small_window>;
using SmallGpt2 = Gpt2LMHeadModel<small_gpt2>;

}  // namespace

TEMPLATE_TEST_CASE("a warm decoder allocates nothing for the next token", "[nn][allocation]",
                   SmallLlama, SmallWindow, SmallGpt2) {
    if (!XZOO_COUNTS_ALLOCATIONS) {
        WARN("skipped: a sanitizer or another C library owns the heap");
        return;
    }
    const Decoder<TestType> decoder;
    nn::KvCache cache = decoder.model.make_cache({.sequences = 2, .capacity = 100});
    Workspace workspace{1};
    nn::StepOutput output;
    const std::vector<std::uint32_t> ids = random_text(90, 1);
    const auto read = [&](std::size_t count) {
        const nn::CacheStep steps[]{{0, std::span{ids}.subspan(cache.length(0), count)},
                                    {1, std::span{ids}.subspan(cache.length(1), count)}};
        decoder.model.step(cache, steps, nn::ScoredRows::last, true, workspace, output);
    };
    read(20);
    read(1);
    CHECK(count_of([&] {
              for (std::size_t i = 0; i < 60; ++i)
                  read(1);
          }) == 0);
}

TEMPLATE_TEST_CASE("a warm decoder allocates nothing for a batch and stays in its workspace",
                   "[nn][allocation]", SmallLlama, SmallWindow, SmallGpt2) {
    if (!XZOO_COUNTS_ALLOCATIONS) {
        WARN("skipped: a sanitizer or another C library owns the heap");
        return;
    }
    const RandomModel<TestType> model;
    DecoderInputs inputs{.output_hidden_states = true};
    inputs.input_ids = xt::ones<std::uint32_t>({3, 17});
    const nn::DecoderBatch batch = nn::view(inputs, TestType::limits);
    const std::size_t size = (*model).workspace_size(3, 17, 1);
    Workspace workspace{1};
    workspace.reserve(size);
    typename TestType::Output output;
    (*model).run(batch, workspace, 1, output);
    CHECK(workspace.high_water() <= size);
    CHECK(count_of([&] {
              workspace.reset();
              (*model).run(batch, workspace, 1, output);
          }) == 0);
}

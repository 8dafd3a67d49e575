// A warm forward pass asks nothing of the heap.
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "allocations.hpp"
#include "nn/decoder_support.hpp"
#include "nn/random_model.hpp"
#include "xzoo/nn/pooling.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;

using SmallLlama = LlamaForCausalLM<small_llama>;
using SmallBertI8 = WithPrecisions<SmallBert, i8>;
using SmallLlamaI8 = LlamaForCausalLM<small_llama, i8>;
using SmallLlamaQ4 = LlamaForCausalLM<small_llama, q4>;
using SmallWindow = WindowModel<small_window>;
using SmallGpt2 = Gpt2LMHeadModel<small_gpt2>;

template <class Model>
typename Model::Inputs batch_for() {
    if constexpr (std::is_same_v<typename Model::Inputs, EncoderInputs>) {
        EncoderInputs inputs = pad_sentences(
            random_sentences(11), static_cast<std::uint32_t>(Model::config.pad_token_id));
        inputs.output_attentions = inputs.output_hidden_states = true;
        return inputs;
    } else {
        MultipleChoiceInputs inputs;
        inputs.input_ids = xt::ones<std::uint32_t>({3, 2, 7}) * 9U;
        return inputs;
    }
}

}  // namespace

TEST_CASE("the counter of allocations counts", "[nn][allocation]") {
    if (!XZOO_COUNTS_ALLOCATIONS) {
        WARN("skipped: a sanitizer or another C library owns the heap");
        return;
    }
    CHECK(count_of([] {}) == 0);
    // A compiler may leave out an allocation that nobody sees.
    const float* volatile seen = nullptr;
    CHECK(count_of([&] {
              const std::vector<float> some(100);
              seen = some.data();
          }) == 1);
    CHECK(count_of([&] {
              const AlignedBuffer some{100};
              seen = some.data();
          }) == 1);
}

TEMPLATE_TEST_CASE("a warm forward pass allocates nothing and stays in its workspace",
                   "[nn][allocation]", SmallBert, SmallBertI8, SmallRoberta, SmallDistilBert,
                   SmallMpnet, SmallElectra, SmallAlbert, BertForPreTraining<small_bert>,
                   BertForMultipleChoice<small_bert>, RobertaForMaskedLM<small_roberta>,
                   RobertaForSequenceClassification<small_roberta>,
                   DistilBertForMaskedLM<small_distilbert>,
                   DistilBertForTokenClassification<small_distilbert>,
                   MpnetForQuestionAnswering<small_mpnet>, ElectraForPreTraining<small_electra>,
                   ElectraForMaskedLM<small_electra>, ElectraForMultipleChoice<small_electra>,
                   AlbertForPreTraining<small_albert>) {
    const RandomModel<TestType> model;
    const typename TestType::Inputs inputs = batch_for<TestType>();
    const nn::EncoderBatch batch = nn::view(inputs, TestType::limits);
    for (const int threads : {1, 2}) {
        Workspace workspace{threads};
        const std::size_t bound = TestType::workspace_size(batch.batch, batch.length, threads);
        workspace.reserve(bound);
        const std::size_t capacity = workspace.capacity();
        typename TestType::Output output;
        const auto pass = [&] {
            workspace.reset();
            (*model).run(nn::view(inputs, TestType::limits), workspace, threads, output);
        };
        pass();
        CHECK(workspace.capacity() == capacity);  // the bound was enough
        CHECK(workspace.high_water() <= bound);
        CHECK(workspace.high_water() > bound / 2);
        if (XZOO_COUNTS_ALLOCATIONS) {
            INFO("threads " << threads);
            CHECK(count_of(pass) == 0);
        } else {
            WARN("skipped: a sanitizer or another C library owns the heap");
        }
    }
}

TEST_CASE("a decoder stays in its workspace whatever the shape of the batch", "[nn][allocation]") {
    const RandomModel<SmallGpt2> model;
    for (const auto& [batch, length] : {std::pair<std::size_t, std::size_t>{900, 1}, {1, 100}}) {
        DecoderInputs inputs;
        inputs.input_ids = xt::ones<std::uint32_t>({batch, length});
        Workspace workspace{1};
        SmallGpt2::Output output;
        (*model).run(nn::view(inputs, SmallGpt2::limits), workspace, 1, output);
        CHECK(workspace.high_water() <= (*model).workspace_size(batch, length, 1));
    }
}

TEST_CASE("a workspace that was not reserved is warm after the first pass", "[nn][allocation]") {
    const RandomModel<SmallMpnet> model;
    const EncoderInputs inputs = batch_for<SmallMpnet>();
    Workspace workspace{1};
    SmallMpnet::Output output;
    xt::xtensor<float, 2> embeddings;
    const auto pass = [&] {
        workspace.reset();
        (*model).run(nn::view(inputs, SmallMpnet::limits), workspace, 1, output);
        pool(output.last_hidden_state, inputs.attention_mask, Pooling::mean, true, embeddings);
    };
    pass();
    pass();  // the first pass adds memory piece by piece, the second makes it one block
    if (XZOO_COUNTS_ALLOCATIONS)
        CHECK(count_of(pass) == 0);
    else
        WARN("skipped: a sanitizer or another C library owns the heap");
}

TEMPLATE_TEST_CASE("a warm decoder allocates nothing for the next token", "[nn][allocation]",
                   SmallLlama, SmallLlamaI8, SmallLlamaQ4, SmallWindow, SmallGpt2) {
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
                   "[nn][allocation]", SmallLlama, SmallLlamaI8, SmallLlamaQ4, SmallWindow,
                   SmallGpt2) {
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

namespace {

/// Converts a model and says how many bytes both together held at most.
template <Precisions To, class Model>
std::size_t peak_of_conversion(Model model) {
    WithPrecisions<Model, To> converted;
    const std::ptrdiff_t more = peak_of([&] { converted = std::move(model).template to<To>(); });
    CHECK(converted.has_weights());
    return Model::memory_footprint() + static_cast<std::size_t>(more);
}

}  // namespace

TEST_CASE("a conversion holds hardly more than the larger of both models", "[nn][allocation]") {
    if (!XZOO_COUNTS_ALLOCATIONS) {
        WARN("skipped: a sanitizer or another C library owns the heap");
        return;
    }
    constexpr LlamaConfig config{.vocab_size = 12000,
                                 .hidden_size = 256,
                                 .intermediate_size = 700,
                                 .num_hidden_layers = 12,
                                 .num_attention_heads = 4,
                                 .tie_word_embeddings = true};
    using Wide = LlamaForCausalLM<config>;
    using Narrow = LlamaForCausalLM<config, i8>;
    const double larger = static_cast<double>(Wide::memory_footprint());
    CHECK(static_cast<double>(peak_of_conversion<i8>(Wide{}.random_init(1))) < 1.1 * larger);
    CHECK(static_cast<double>(peak_of_conversion<q4>(Wide{}.random_init(1))) < 1.1 * larger);
    CHECK(static_cast<double>(peak_of_conversion<f32>(Narrow{}.random_init(1))) < 1.1 * larger);

    // A copy keeps the weights, so both models are there at the end.
    Wide model = Wide{}.random_init(1);
    const Wide copy = model;
    const double both = larger + static_cast<double>(Narrow::memory_footprint());
    CHECK(static_cast<double>(peak_of_conversion<i8>(std::move(model))) > both);
    CHECK(copy.has_weights());
}

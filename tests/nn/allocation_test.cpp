// A warm forward pass asks nothing of the heap.
#include <cstddef>
#include <type_traits>
#include <vector>

#include "allocations.hpp"
#include "nn/random_model.hpp"
#include "xzoo/nn/pooling.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;

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
                   "[nn][allocation]", SmallBert, SmallRoberta, SmallDistilBert, SmallMpnet,
                   SmallElectra, SmallAlbert, BertForPreTraining<small_bert>,
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

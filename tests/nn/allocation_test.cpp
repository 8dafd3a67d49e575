// Counts what a warm forward pass asks of the heap, by standing between the program and glibc.
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <type_traits>
#include <vector>

#include "nn/random_model.hpp"
#include "xzoo/nn/pooling.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define XZOO_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define XZOO_COUNTS_ALLOCATIONS 0
#endif
#endif
#if !defined(XZOO_COUNTS_ALLOCATIONS) && defined(__GLIBC__)
#define XZOO_COUNTS_ALLOCATIONS 1
#endif

namespace {

std::atomic<bool> counting{false};
std::atomic<std::size_t> allocations{0};

}  // namespace

#if XZOO_COUNTS_ALLOCATIONS

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

static void count_allocation() {
    if (counting.load(std::memory_order_relaxed))
        allocations.fetch_add(1, std::memory_order_relaxed);
}

void* malloc(std::size_t size) {
    count_allocation();
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    count_allocation();
    return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    count_allocation();
    return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
    count_allocation();
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    count_allocation();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    count_allocation();
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}

}  // extern "C"

#endif

namespace {

using namespace xzoo;
using namespace xzoo::test;

/// How often `call` asks for memory.
std::size_t count_of(const auto& call) {
    allocations = 0;
    counting = true;
    call();
    counting = false;
    return allocations;
}

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

// What a model of the zoo is asked for and has not got.
#include "zoo/bert.hpp"

using namespace xzoo;

using Encoder = Bert<bert_base>;
using NoPooler = Bert<bert_base, f32, false>;
using Answers = BertForQuestionAnswering<bert_base>;

static_assert(fits<Encoder>(512_MiB));
static_assert(Holds<WithinBudget, param_bytes<Encoder>(), 512_MiB>);
static_assert(sizeof(Encoder::Output::pooler_output) > 0);
static_assert(sizeof(Answers::Output::start_logits) > 0);

Encoder& load(Encoder& model) {
    return model.from_pretrained<BertWeights::base_uncased>();
}

#ifdef XZOO_MISTAKE

// expect: budget of the device
static_assert(fits<Encoder>(64_MiB), "budget of the device");

// expect: budget of the small device
// with: 437928960, 67108864
static_assert(Holds<WithinBudget, param_bytes<Encoder>(), 64_MiB>, "budget of the small device");

// expect: pooler_output
static_assert(sizeof(NoPooler::Output::pooler_output) > 0);

// expect: logits
static_assert(sizeof(Encoder::Output::logits) > 0);

// expect: 'hidden_size' of the entry differs from the model's BertConfig
// with: 1024, 768
void load_wrong(Bert<bert_large>& model) {
    model.from_pretrained<BertWeights::base_uncased>();
}

// expect: base_uncasd
void load_unknown(Encoder& model) {
    model.from_pretrained<BertWeights::base_uncasd>();
}

// expect: BertConfig: 'num_attention_heads' must divide 'hidden_size'
// with: 5, 768
inline constexpr BertConfig five_heads{.num_attention_heads = 5};
static_assert(sizeof(Bert<five_heads>) > 0);

#endif

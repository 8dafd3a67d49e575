#include "cli/family.hpp"
#include "xzoo/weights/bert.hpp"
#include "zoo/bert.hpp"

namespace xzoo::cli {

namespace {

struct BertFamily {
    using Config = BertConfig;
    static constexpr std::array named{
        NamedConfig<Config>{"bert_base", bert_base, true, true},
        NamedConfig<Config>{"bert_large", bert_large},
        NamedConfig<Config>{"bert_base_cased", bert_base_cased},
        NamedConfig<Config>{"bert_tiny", bert_tiny, true},
        NamedConfig<Config>{"bert_mini", bert_mini},
        NamedConfig<Config>{"bert_small", bert_small},
        NamedConfig<Config>{"bert_medium", bert_medium},
        NamedConfig<Config>{"minilm_l6", minilm_l6},
        NamedConfig<Config>{"ms_marco_minilm_l6", ms_marco_minilm_l6, false, true},
        NamedConfig<Config>{"minilm_l12", minilm_l12},
        NamedConfig<Config>{"multilingual_minilm_l12", multilingual_minilm_l12}};
    template <Config C>
    using Encoder = Bert<C, f32, false>;
    template <Config C>
    using MaskedLM = BertForMaskedLM<C>;
    template <Config C>
    using Classifier = BertForSequenceClassification<C>;
};

}  // namespace

std::vector<ModelKind> bert_kinds() {
    return family_kinds<BertFamily>();
}

}  // namespace xzoo::cli

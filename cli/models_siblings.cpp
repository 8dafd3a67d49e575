// The types of all families but BERT. One file for all: what takes the time is what they share.
#include "cli/family.hpp"
#include "xzoo/weights/albert.hpp"
#include "xzoo/weights/distilbert.hpp"
#include "xzoo/weights/electra.hpp"
#include "xzoo/weights/mpnet.hpp"
#include "xzoo/weights/roberta.hpp"
#include "xzoo/weights/xlm_roberta.hpp"
#include "zoo/albert.hpp"
#include "zoo/distilbert.hpp"
#include "zoo/electra.hpp"
#include "zoo/mpnet.hpp"
#include "zoo/roberta.hpp"
#include "zoo/xlm_roberta.hpp"

namespace xzoo::cli {

namespace {

struct AlbertFamily {
    using Config = AlbertConfig;
    static constexpr std::array named{NamedConfig<Config>{"albert_base", albert_base},
                                      NamedConfig<Config>{"albert_large", albert_large},
                                      NamedConfig<Config>{"albert_xxlarge", albert_xxlarge}};
    template <Config C>
    using Encoder = Albert<C, f32, false>;
    template <Config C>
    using MaskedLM = AlbertForMaskedLM<C>;
    template <Config C>
    using Classifier = AlbertForSequenceClassification<C>;
};

struct DistilBertFamily {
    using Config = DistilBertConfig;
    static constexpr std::array named{
        NamedConfig<Config>{"distilbert_base", distilbert_base, true, true}};
    template <Config C>
    using Encoder = DistilBert<C>;
    template <Config C>
    using MaskedLM = DistilBertForMaskedLM<C>;
    template <Config C>
    using Classifier = DistilBertForSequenceClassification<C>;
};

struct ElectraFamily {
    using Config = ElectraConfig;
    static constexpr std::array named{NamedConfig<Config>{"electra_small", electra_small},
                                      NamedConfig<Config>{"electra_base", electra_base},
                                      NamedConfig<Config>{"electra_large", electra_large}};
    template <Config C>
    using Encoder = Electra<C>;
    template <Config C>
    using MaskedLM = ElectraForMaskedLM<C>;
    template <Config C>
    using Classifier = ElectraForSequenceClassification<C>;
};

struct MpnetFamily {
    using Config = MpnetConfig;
    static constexpr std::array named{NamedConfig<Config>{"mpnet_base", mpnet_base}};
    template <Config C>
    using Encoder = Mpnet<C, f32, false>;
    template <Config C>
    using MaskedLM = MpnetForMaskedLM<C>;
    template <Config C>
    using Classifier = MpnetForSequenceClassification<C>;
};

struct RobertaFamily {
    using Config = RobertaConfig;
    static constexpr std::array named{NamedConfig<Config>{"roberta_base", roberta_base, true, true},
                                      NamedConfig<Config>{"roberta_large", roberta_large}};
    template <Config C>
    using Encoder = Roberta<C, f32, false>;
    template <Config C>
    using MaskedLM = RobertaForMaskedLM<C>;
    template <Config C>
    using Classifier = RobertaForSequenceClassification<C>;
};

struct XlmRobertaFamily {
    using Config = XlmRobertaConfig;
    static constexpr std::array named{
        NamedConfig<Config>{"xlm_roberta_base", xlm_roberta_base},
        NamedConfig<Config>{"xlm_roberta_bge_m3", xlm_roberta_bge_m3}};
    template <Config C>
    using Encoder = XlmRoberta<C, f32, false>;
    template <Config C>
    using MaskedLM = XlmRobertaForMaskedLM<C>;
    template <Config C>
    using Classifier = XlmRobertaForSequenceClassification<C>;
};

}  // namespace

std::vector<ModelKind> albert_kinds() {
    return family_kinds<AlbertFamily>();
}
std::vector<ModelKind> distilbert_kinds() {
    return family_kinds<DistilBertFamily>();
}
std::vector<ModelKind> electra_kinds() {
    return family_kinds<ElectraFamily>();
}
std::vector<ModelKind> mpnet_kinds() {
    return family_kinds<MpnetFamily>();
}
std::vector<ModelKind> roberta_kinds() {
    return family_kinds<RobertaFamily>();
}
std::vector<ModelKind> xlm_roberta_kinds() {
    return family_kinds<XlmRobertaFamily>();
}

}  // namespace xzoo::cli

#include "cli/family.hpp"
#include "xzoo/weights/xlm_roberta.hpp"
#include "zoo/xlm_roberta.hpp"

namespace xzoo::cli {

namespace {

struct XlmRobertaFamily {
    using Config = XlmRobertaConfig;
    static constexpr std::array named{NamedConfig<Config>{"xlm_roberta_base", xlm_roberta_base},
                                      NamedConfig<Config>{"bge_m3", bge_m3}};
    template <Config C>
    using Encoder = XlmRoberta<C, false>;
    template <Config C>
    using MaskedLM = XlmRobertaForMaskedLM<C>;
    template <Config C>
    using Classifier = XlmRobertaForSequenceClassification<C>;
};

}  // namespace

std::vector<ModelKind> xlm_roberta_kinds() {
    return family_kinds<XlmRobertaFamily>();
}

}  // namespace xzoo::cli

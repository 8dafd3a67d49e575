#include "cli/family.hpp"
#include "xzoo/weights/distilbert.hpp"
#include "zoo/distilbert.hpp"

namespace xzoo::cli {

namespace {

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

}  // namespace

std::vector<ModelKind> distilbert_kinds() {
    return family_kinds<DistilBertFamily>();
}

}  // namespace xzoo::cli

#include "cli/family.hpp"
#include "xzoo/weights/roberta.hpp"
#include "zoo/roberta.hpp"

namespace xzoo::cli {

namespace {

struct RobertaFamily {
    using Config = RobertaConfig;
    static constexpr std::array named{NamedConfig<Config>{"roberta_base", roberta_base, true, true},
                                      NamedConfig<Config>{"roberta_large", roberta_large}};
    template <Config C>
    using Encoder = Roberta<C, false>;
    template <Config C>
    using MaskedLM = RobertaForMaskedLM<C>;
    template <Config C>
    using Classifier = RobertaForSequenceClassification<C>;
};

}  // namespace

std::vector<ModelKind> roberta_kinds() {
    return family_kinds<RobertaFamily>();
}

}  // namespace xzoo::cli

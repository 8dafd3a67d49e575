#include "cli/family.hpp"
#include "xzoo/weights/electra.hpp"
#include "zoo/electra.hpp"

namespace xzoo::cli {

namespace {

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

}  // namespace

std::vector<ModelKind> electra_kinds() {
    return family_kinds<ElectraFamily>();
}

}  // namespace xzoo::cli

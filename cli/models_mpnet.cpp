#include "cli/family.hpp"
#include "xzoo/weights/mpnet.hpp"
#include "zoo/mpnet.hpp"

namespace xzoo::cli {

namespace {

struct MpnetFamily {
    using Config = MpnetConfig;
    static constexpr std::array named{NamedConfig<Config>{"mpnet_base", mpnet_base}};
    template <Config C>
    using Encoder = Mpnet<C, false>;
    template <Config C>
    using MaskedLM = MpnetForMaskedLM<C>;
    template <Config C>
    using Classifier = MpnetForSequenceClassification<C>;
};

}  // namespace

std::vector<ModelKind> mpnet_kinds() {
    return family_kinds<MpnetFamily>();
}

}  // namespace xzoo::cli

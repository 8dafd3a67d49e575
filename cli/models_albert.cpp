#include "cli/family.hpp"
#include "xzoo/weights/albert.hpp"
#include "zoo/albert.hpp"

namespace xzoo::cli {

namespace {

struct AlbertFamily {
    using Config = AlbertConfig;
    static constexpr std::array named{NamedConfig<Config>{"albert_base", albert_base},
                                      NamedConfig<Config>{"albert_large", albert_large},
                                      NamedConfig<Config>{"albert_xxlarge", albert_xxlarge}};
    template <Config C>
    using Encoder = Albert<C, false>;
    template <Config C>
    using MaskedLM = AlbertForMaskedLM<C>;
    template <Config C>
    using Classifier = AlbertForSequenceClassification<C>;
};

}  // namespace

std::vector<ModelKind> albert_kinds() {
    return family_kinds<AlbertFamily>();
}

}  // namespace xzoo::cli

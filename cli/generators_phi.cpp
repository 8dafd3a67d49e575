// The types of OPT and of the Phi families.
#include "cli/decoder_family.hpp"
#include "xzoo/weights/opt.hpp"
#include "xzoo/weights/phi.hpp"
#include "xzoo/weights/phi3.hpp"
#include "zoo/opt.hpp"
#include "zoo/phi.hpp"
#include "zoo/phi3.hpp"

namespace xzoo::cli {

namespace {

struct OptFamily {
    using Config = OptConfig;
    static constexpr std::array named{KnownConfig<Config>{"opt_125m", opt_125m},
                                      KnownConfig<Config>{"opt_350m", opt_350m}};
    template <Config C, Precisions P>
    using CausalLM = OptForCausalLM<C, P>;
};

struct PhiFamily {
    using Config = PhiConfig;
    static constexpr std::array named{KnownConfig<Config>{"phi_1_5", phi_1_5},
                                      KnownConfig<Config>{"phi_2", phi_2}};
    template <Config C, Precisions P>
    using CausalLM = PhiForCausalLM<C, P>;
};

struct Phi3Family {
    using Config = Phi3Config;
    static constexpr std::array named{KnownConfig<Config>{"phi_3_mini_4k", phi_3_mini_4k}};
    template <Config C, Precisions P>
    using CausalLM = Phi3ForCausalLM<C, P>;
};

}  // namespace

std::vector<GeneratorKind> opt_generators() {
    return decoder_kinds<OptFamily>();
}
std::vector<GeneratorKind> phi_generators() {
    return decoder_kinds<PhiFamily>();
}
std::vector<GeneratorKind> phi3_generators() {
    return decoder_kinds<Phi3Family>();
}

}  // namespace xzoo::cli

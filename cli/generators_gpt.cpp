// The types of the GPT families.
#include "cli/decoder_family.hpp"
#include "xzoo/weights/gpt2.hpp"
#include "zoo/gpt2.hpp"

namespace xzoo::cli {

namespace {

struct Gpt2Family {
    using Config = Gpt2Config;
    static constexpr std::array named{KnownConfig<Config>{"gpt2_small", gpt2_small},
                                      KnownConfig<Config>{"gpt2_medium", gpt2_medium},
                                      KnownConfig<Config>{"gpt2_large", gpt2_large},
                                      KnownConfig<Config>{"gpt2_xl", gpt2_xl},
                                      KnownConfig<Config>{"distilgpt2", distilgpt2}};
    template <Config C, Precision P>
    using CausalLM = Gpt2LMHeadModel<C, P>;
};

}  // namespace

std::vector<GeneratorKind> gpt2_generators() {
    return decoder_kinds<Gpt2Family>();
}

}  // namespace xzoo::cli

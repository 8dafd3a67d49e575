// The types of Llama and of the families that are made of its blocks.
#include "cli/decoder_family.hpp"
#include "xzoo/weights/llama.hpp"
#include "zoo/llama.hpp"

namespace xzoo::cli {

namespace {

struct LlamaFamily {
    using Config = LlamaConfig;
    static constexpr std::array named{KnownConfig<Config>{"tinyllama_1_1b", tinyllama_1_1b},
                                      KnownConfig<Config>{"smollm2_135m", smollm2_135m},
                                      KnownConfig<Config>{"smollm2_360m", smollm2_360m},
                                      KnownConfig<Config>{"smollm2_1_7b", smollm2_1_7b},
                                      KnownConfig<Config>{"llama_3_2_1b", llama_3_2_1b},
                                      KnownConfig<Config>{"llama_3_2_3b", llama_3_2_3b},
                                      KnownConfig<Config>{"llama_3_8b", llama_3_8b},
                                      KnownConfig<Config>{"stories_260k", stories_260k},
                                      KnownConfig<Config>{"stories_15m", stories_15m}};
    template <Config C, Precision P>
    using CausalLM = LlamaForCausalLM<C, P>;
};

}  // namespace

std::vector<GeneratorKind> llama_generators() {
    return decoder_kinds<LlamaFamily>();
}

}  // namespace xzoo::cli

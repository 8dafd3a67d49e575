// The types of Llama, Mistral and Mixtral.
#include "cli/decoder_family.hpp"
#include "xzoo/weights/llama.hpp"
#include "xzoo/weights/mistral.hpp"
#include "xzoo/weights/mixtral.hpp"
#include "zoo/llama.hpp"
#include "zoo/mistral.hpp"
#include "zoo/mixtral.hpp"

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
    template <Config C, Precisions P>
    using CausalLM = LlamaForCausalLM<C, P>;
};

struct MistralFamily {
    using Config = MistralConfig;
    static constexpr std::array named{KnownConfig<Config>{"mistral_7b", mistral_7b}};
    template <Config C, Precisions P>
    using CausalLM = MistralForCausalLM<C, P>;
};

struct MixtralFamily {
    using Config = MixtralConfig;
    static constexpr std::array named{KnownConfig<Config>{"mixtral_8x7b", mixtral_8x7b}};
    template <Config C, Precisions P>
    using CausalLM = MixtralForCausalLM<C, P>;
};

}  // namespace

std::vector<GeneratorKind> llama_generators() {
    return decoder_kinds<LlamaFamily>();
}
std::vector<GeneratorKind> mistral_generators() {
    return decoder_kinds<MistralFamily>();
}
std::vector<GeneratorKind> mixtral_generators() {
    return decoder_kinds<MixtralFamily>();
}

}  // namespace xzoo::cli

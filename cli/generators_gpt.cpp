// The types of the GPT families.
#include "cli/decoder_family.hpp"
#include "xzoo/weights/gpt2.hpp"
#include "xzoo/weights/gpt_neox.hpp"
#include "xzoo/weights/gptj.hpp"
#include "xzoo/weights/openai_gpt.hpp"
#include "zoo/gpt2.hpp"
#include "zoo/gpt_neox.hpp"
#include "zoo/gptj.hpp"
#include "zoo/openai_gpt.hpp"

namespace xzoo::cli {

namespace {

struct Gpt2Family {
    using Config = Gpt2Config;
    static constexpr std::array named{KnownConfig<Config>{"gpt2_small", gpt2_small},
                                      KnownConfig<Config>{"gpt2_medium", gpt2_medium},
                                      KnownConfig<Config>{"gpt2_large", gpt2_large},
                                      KnownConfig<Config>{"gpt2_xl", gpt2_xl},
                                      KnownConfig<Config>{"distilgpt2", distilgpt2}};
    template <Config C, Precisions P>
    using CausalLM = Gpt2LMHeadModel<C, P>;
};

struct GptNeoXFamily {
    using Config = GptNeoXConfig;
    static constexpr std::array named{KnownConfig<Config>{"pythia_70m", pythia_70m},
                                      KnownConfig<Config>{"pythia_160m", pythia_160m}};
    template <Config C, Precisions P>
    using CausalLM = GptNeoXForCausalLM<C, P>;
};

struct GptJFamily {
    using Config = GptJConfig;
    static constexpr std::array named{KnownConfig<Config>{"gptj_6b", gptj_6b}};
    template <Config C, Precisions P>
    using CausalLM = GptJForCausalLM<C, P>;
};

struct OpenAiGptFamily {
    using Config = OpenAiGptConfig;
    static constexpr std::array named{KnownConfig<Config>{"openai_gpt", openai_gpt}};
    template <Config C, Precisions P>
    using CausalLM = OpenAiGptLMHeadModel<C, P>;
};

}  // namespace

std::vector<GeneratorKind> gpt2_generators() {
    return decoder_kinds<Gpt2Family>();
}
std::vector<GeneratorKind> gpt_neox_generators() {
    return decoder_kinds<GptNeoXFamily>();
}
std::vector<GeneratorKind> gptj_generators() {
    return decoder_kinds<GptJFamily>();
}
std::vector<GeneratorKind> openai_gpt_generators() {
    return decoder_kinds<OpenAiGptFamily>();
}

}  // namespace xzoo::cli

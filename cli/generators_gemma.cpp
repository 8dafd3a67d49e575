// The types of the Gemma families.
#include "cli/decoder_family.hpp"
#include "xzoo/weights/gemma.hpp"
#include "xzoo/weights/gemma2.hpp"
#include "xzoo/weights/gemma3_text.hpp"
#include "zoo/gemma.hpp"
#include "zoo/gemma2.hpp"
#include "zoo/gemma3_text.hpp"

namespace xzoo::cli {

namespace {

struct GemmaFamily {
    using Config = GemmaConfig;
    static constexpr std::array named{KnownConfig<Config>{"gemma_2b", gemma_2b},
                                      KnownConfig<Config>{"gemma_7b", gemma_7b}};
    template <Config C, Precisions P>
    using CausalLM = GemmaForCausalLM<C, P>;
};

struct Gemma2Family {
    using Config = Gemma2Config;
    static constexpr std::array named{KnownConfig<Config>{"gemma_2_2b", gemma_2_2b}};
    template <Config C, Precisions P>
    using CausalLM = Gemma2ForCausalLM<C, P>;
};

struct Gemma3TextFamily {
    using Config = Gemma3TextConfig;
    static constexpr std::array named{KnownConfig<Config>{"gemma_3_270m", gemma_3_270m},
                                      KnownConfig<Config>{"gemma_3_1b", gemma_3_1b}};
    template <Config C, Precisions P>
    using CausalLM = Gemma3ForCausalLM<C, P>;
};

}  // namespace

std::vector<GeneratorKind> gemma_generators() {
    return decoder_kinds<GemmaFamily>();
}
std::vector<GeneratorKind> gemma2_generators() {
    return decoder_kinds<Gemma2Family>();
}
std::vector<GeneratorKind> gemma3_text_generators() {
    return decoder_kinds<Gemma3TextFamily>();
}

}  // namespace xzoo::cli

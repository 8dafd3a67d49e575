// The types of the Qwen families.
#include "cli/decoder_family.hpp"
#include "xzoo/weights/qwen2.hpp"
#include "xzoo/weights/qwen3.hpp"
#include "zoo/qwen2.hpp"
#include "zoo/qwen3.hpp"

namespace xzoo::cli {

namespace {

struct Qwen2Family {
    using Config = Qwen2Config;
    static constexpr std::array named{KnownConfig<Config>{"qwen2_5_0_5b", qwen2_5_0_5b},
                                      KnownConfig<Config>{"qwen2_5_1_5b", qwen2_5_1_5b}};
    template <Config C, Precisions P>
    using CausalLM = Qwen2ForCausalLM<C, P>;
};

struct Qwen3Family {
    using Config = Qwen3Config;
    static constexpr std::array named{KnownConfig<Config>{"qwen3_0_6b", qwen3_0_6b},
                                      KnownConfig<Config>{"qwen3_1_7b", qwen3_1_7b}};
    template <Config C, Precisions P>
    using CausalLM = Qwen3ForCausalLM<C, P>;
};

}  // namespace

std::vector<GeneratorKind> qwen2_generators() {
    return decoder_kinds<Qwen2Family>();
}
std::vector<GeneratorKind> qwen3_generators() {
    return decoder_kinds<Qwen3Family>();
}

}  // namespace xzoo::cli

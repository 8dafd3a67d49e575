// The types of BLOOM, Falcon, OLMo and StarCoder2.
#include "cli/decoder_family.hpp"
#include "xzoo/weights/bloom.hpp"
#include "xzoo/weights/falcon.hpp"
#include "xzoo/weights/olmo.hpp"
#include "xzoo/weights/starcoder2.hpp"
#include "zoo/bloom.hpp"
#include "zoo/falcon.hpp"
#include "zoo/olmo.hpp"
#include "zoo/starcoder2.hpp"

namespace xzoo::cli {

namespace {

struct BloomFamily {
    using Config = BloomConfig;
    // Without bloom_176b, whose weights take 328 GiB even in bfloat16.
    static constexpr std::array named{KnownConfig<Config>{"bloom_560m", bloom_560m},
                                      KnownConfig<Config>{"bloom_7b1", bloom_7b1}};
    template <Config C, Precisions P>
    using CausalLM = BloomForCausalLM<C, P>;
};

struct FalconFamily {
    using Config = FalconConfig;
    static constexpr std::array named{KnownConfig<Config>{"falcon_7b", falcon_7b},
                                      KnownConfig<Config>{"falcon_40b", falcon_40b},
                                      KnownConfig<Config>{"falcon_rw_1b", falcon_rw_1b}};
    template <Config C, Precisions P>
    using CausalLM = FalconForCausalLM<C, P>;
};

struct OlmoFamily {
    using Config = OlmoConfig;
    static constexpr std::array named{KnownConfig<Config>{"olmo_1b", olmo_1b},
                                      KnownConfig<Config>{"olmo_7b", olmo_7b}};
    template <Config C, Precisions P>
    using CausalLM = OlmoForCausalLM<C, P>;
};

struct Starcoder2Family {
    using Config = Starcoder2Config;
    static constexpr std::array named{KnownConfig<Config>{"starcoder2_3b", starcoder2_3b}};
    template <Config C, Precisions P>
    using CausalLM = Starcoder2ForCausalLM<C, P>;
};

}  // namespace

std::vector<GeneratorKind> bloom_generators() {
    return decoder_kinds<BloomFamily>();
}
std::vector<GeneratorKind> falcon_generators() {
    return decoder_kinds<FalconFamily>();
}
std::vector<GeneratorKind> olmo_generators() {
    return decoder_kinds<OlmoFamily>();
}
std::vector<GeneratorKind> starcoder2_generators() {
    return decoder_kinds<Starcoder2Family>();
}

}  // namespace xzoo::cli

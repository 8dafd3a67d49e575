// The rules of decoders built like Llama broken once, and their fields different in an entry once:
// what all have on one of them, and each family's own.
#include "zoo/gemma.hpp"
#include "zoo/gemma2.hpp"
#include "zoo/gemma3_text.hpp"
#include "zoo/llama.hpp"
#include "zoo/mistral.hpp"
#include "zoo/mixtral.hpp"
#include "zoo/qwen2.hpp"
#include "zoo/qwen3.hpp"
#include "zoo/qwen3_moe.hpp"

using namespace xzoo;

template <auto Model, auto Entry>
constexpr bool same = SameConfig<Model, Entry>::checked;

static_assert(sizeof(LlamaRules<llama_3_2_1b>) > 0 && sizeof(MistralRules<mistral_7b>) > 0);
static_assert(sizeof(MixtralRules<mixtral_8x7b>) > 0 && sizeof(Qwen2Rules<qwen2_5_0_5b>) > 0);
static_assert(sizeof(Qwen3Rules<qwen3_0_6b>) > 0 && sizeof(Qwen3MoeRules<Qwen3MoeConfig{}>) > 0);
static_assert(sizeof(GemmaRules<gemma_2b>) > 0 && sizeof(Gemma2Rules<gemma_2_2b>) > 0);
static_assert(sizeof(Gemma3TextRules<gemma_3_270m>) > 0);
static_assert(same<gemma_3_270m, gemma_3_270m>);

#ifdef XZOO_MISTAKE

// expect: MistralConfig: 'vocab_size' must be positive
// with: 0
static_assert(sizeof(MistralRules<MistralConfig{.vocab_size = 0}>) > 0);
// expect: MistralConfig: 'hidden_size' must be positive
// with: 0
static_assert(sizeof(MistralRules<MistralConfig{.hidden_size = 0, .head_dim = 8}>) > 0);
// expect: MistralConfig: 'intermediate_size' must be positive
// with: 0
static_assert(sizeof(MistralRules<MistralConfig{.intermediate_size = 0}>) > 0);
// expect: MistralConfig: 'num_hidden_layers' must be positive
// with: 0
static_assert(sizeof(MistralRules<MistralConfig{.num_hidden_layers = 0}>) > 0);
// expect: MistralConfig: 'num_attention_heads' must be positive
// with: 0
static_assert(sizeof(MistralRules<MistralConfig{.num_attention_heads = 0}>) > 0);
// expect: MistralConfig: 'num_key_value_heads' must divide 'num_attention_heads'
// with: 3, 4
static_assert(
    sizeof(MistralRules<MistralConfig{.num_attention_heads = 4, .num_key_value_heads = 3}>) > 0);
// expect: MistralConfig: 'head_dim' must be even and positive
// with: 5
static_assert(sizeof(MistralRules<MistralConfig{.head_dim = 5}>) > 0);
// expect: MistralConfig: 'max_position_embeddings' must be positive
// with: 0
static_assert(sizeof(MistralRules<MistralConfig{.max_position_embeddings = 0}>) > 0);
// expect: MistralConfig: 'rms_norm_eps' must be positive and finite
// with: -5.0
static_assert(sizeof(MistralRules<MistralConfig{.rms_norm_eps = -0.5F}>) > 0);
// expect: MistralConfig: 'rope_theta' must be positive and finite
// with: -5.0
static_assert(sizeof(MistralRules<MistralConfig{.rope_theta = -0.5F}>) > 0);
// expect: MistralConfig: 'pad_token_id' must be below 'vocab_size', or null
// with: 70, 70
static_assert(sizeof(MistralRules<MistralConfig{.vocab_size = 70, .pad_token_id = 70}>) > 0);
// expect: MistralConfig: 'num_labels' must be positive
// with: 0
static_assert(sizeof(MistralRules<MistralConfig{.num_labels = 0}>) > 0);
// expect: LlamaConfig: 'rope_scaling' must be complete and of a type that Llama has
// with: RopeScaling
static_assert(sizeof(LlamaRules<LlamaConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>) >
              0);
// expect: MistralConfig: 'rope_scaling' must be complete and of a type that Llama has
// with: RopeScaling
static_assert(
    sizeof(MistralRules<MistralConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>) > 0);
// expect: MixtralConfig: 'rope_scaling' must be complete and of a type that Llama has
// with: RopeScaling
static_assert(
    sizeof(MixtralRules<MixtralConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>) > 0);
// expect: Qwen2Config: 'rope_scaling' must be complete and of a type that Llama has
// with: RopeScaling
static_assert(sizeof(Qwen2Rules<Qwen2Config{.rope_scaling = {.rope_type = RopeType::longrope}}>) >
              0);
// expect: Qwen3Config: 'rope_scaling' must be complete and of a type that Llama has
// with: RopeScaling
static_assert(sizeof(Qwen3Rules<Qwen3Config{.rope_scaling = {.rope_type = RopeType::longrope}}>) >
              0);
// expect: Qwen3MoeConfig: 'rope_scaling' must be complete and of a type that Llama has
// with: RopeScaling
static_assert(
    sizeof(Qwen3MoeRules<Qwen3MoeConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>) > 0);
// expect: GemmaConfig: 'rope_scaling' must be complete and of a type that Llama has
// with: RopeScaling
static_assert(sizeof(GemmaRules<GemmaConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>) >
              0);
// expect: Gemma2Config: 'rope_scaling' must be complete and of a type that Llama has
// with: RopeScaling
static_assert(sizeof(Gemma2Rules<Gemma2Config{.rope_scaling = {.rope_type = RopeType::longrope}}>) >
              0);
// expect: Gemma3TextConfig: 'rope_scaling' must be complete and of a type that Llama has
// with: RopeScaling
static_assert(
    sizeof(Gemma3TextRules<Gemma3TextConfig{.rope_scaling = {.rope_type = RopeType::longrope}}>) >
    0);
// expect: LlamaConfig: 'head_dim' must be even and positive
// with: 7
static_assert(sizeof(LlamaRules<LlamaConfig{.head_dim = 7}>) > 0);
// expect: MixtralConfig: 'head_dim' must be even and positive
// with: 7
static_assert(sizeof(MixtralRules<MixtralConfig{.head_dim = 7}>) > 0);
// expect: Qwen2Config: 'head_dim' must be even and positive
// with: 7
static_assert(sizeof(Qwen2Rules<Qwen2Config{.head_dim = 7}>) > 0);
// expect: Qwen3Config: 'head_dim' must be even and positive
// with: 7
static_assert(sizeof(Qwen3Rules<Qwen3Config{.head_dim = 7}>) > 0);
// expect: Qwen3MoeConfig: 'head_dim' must be even and positive
// with: 7
static_assert(sizeof(Qwen3MoeRules<Qwen3MoeConfig{.head_dim = 7}>) > 0);
// expect: GemmaConfig: 'head_dim' must be even and positive
// with: 7
static_assert(sizeof(GemmaRules<GemmaConfig{.head_dim = 7}>) > 0);
// expect: Gemma2Config: 'head_dim' must be even and positive
// with: 7
static_assert(sizeof(Gemma2Rules<Gemma2Config{.head_dim = 7}>) > 0);
// expect: Gemma3TextConfig: 'head_dim' must be even and positive
// with: 7
static_assert(sizeof(Gemma3TextRules<Gemma3TextConfig{.head_dim = 7}>) > 0);
// expect: Qwen2Config: 'layer_types' must have 'num_hidden_layers' items, or be null
// with: 3, 5
static_assert(sizeof(Qwen2Rules<Qwen2Config{.num_hidden_layers = 5,
                                            .layer_types = {.size = 3, .values = {}}}>) > 0);
// expect: Qwen3Config: 'layer_types' must have 'num_hidden_layers' items, or be null
// with: 3, 5
static_assert(sizeof(Qwen3Rules<Qwen3Config{.num_hidden_layers = 5,
                                            .layer_types = {.size = 3, .values = {}}}>) > 0);
// expect: Gemma2Config: 'layer_types' must have 'num_hidden_layers' items, or be null
// with: 3, 5
static_assert(sizeof(Gemma2Rules<Gemma2Config{.num_hidden_layers = 5,
                                              .layer_types = {.size = 3, .values = {}}}>) > 0);
// expect: Gemma3TextConfig: 'layer_types' must have 'num_hidden_layers' items, or be null
// with: 3, 5
static_assert(sizeof(Gemma3TextRules<Gemma3TextConfig{
                         .num_hidden_layers = 5, .layer_types = {.size = 3, .values = {}}}>) > 0);
// expect: MixtralConfig: 'num_experts_per_tok' must be positive
// with: 0
static_assert(sizeof(MixtralRules<MixtralConfig{.num_experts_per_tok = 0}>) > 0);
// expect: MixtralConfig: 'num_experts_per_tok' must not be above 'num_local_experts'
// with: 3, 2
static_assert(
    sizeof(MixtralRules<MixtralConfig{.num_experts_per_tok = 3, .num_local_experts = 2}>) > 0);
// expect: Qwen3MoeConfig: 'decoder_sparse_step' must be positive
// with: 0
static_assert(sizeof(Qwen3MoeRules<Qwen3MoeConfig{.decoder_sparse_step = 0}>) > 0);
// expect: Qwen3MoeConfig: 'moe_intermediate_size' must be positive
// with: 0
static_assert(sizeof(Qwen3MoeRules<Qwen3MoeConfig{.moe_intermediate_size = 0}>) > 0);
// expect: Qwen3MoeConfig: 'num_experts_per_tok' must be positive
// with: 0
static_assert(sizeof(Qwen3MoeRules<Qwen3MoeConfig{.num_experts_per_tok = 0}>) > 0);
// expect: Qwen3MoeConfig: 'num_experts_per_tok' must not be above 'num_experts'
// with: 3, 2
static_assert(sizeof(Qwen3MoeRules<Qwen3MoeConfig{.num_experts_per_tok = 3, .num_experts = 2}>) >
              0);
// expect: Gemma2Config: 'query_pre_attn_scalar' must be positive and finite
// with: -5.0
static_assert(sizeof(Gemma2Rules<Gemma2Config{.query_pre_attn_scalar = -0.5F}>) > 0);
// expect: Gemma2Config: 'sliding_window' must be positive
// with: 0
static_assert(sizeof(Gemma2Rules<Gemma2Config{.sliding_window = 0}>) > 0);
// expect: Gemma2Config: 'final_logit_softcapping' must be positive and finite, or null
// with: -5.0
static_assert(sizeof(Gemma2Rules<Gemma2Config{.final_logit_softcapping = -0.5F}>) > 0);
// expect: Gemma3TextConfig: 'query_pre_attn_scalar' must be positive and finite
// with: -5.0
static_assert(sizeof(Gemma3TextRules<Gemma3TextConfig{.query_pre_attn_scalar = -0.5F}>) > 0);
// expect: Gemma3TextConfig: 'sliding_window' must be positive
// with: 0
static_assert(sizeof(Gemma3TextRules<Gemma3TextConfig{.sliding_window = 0}>) > 0);
// expect: Gemma3TextConfig: 'final_logit_softcapping' must be positive and finite, or null
// with: -5.0
static_assert(sizeof(Gemma3TextRules<Gemma3TextConfig{.final_logit_softcapping = -0.5F}>) > 0);
// expect: Gemma2Config: 'attn_logit_softcapping' must be positive and finite, or null
// with: -5.0
static_assert(sizeof(Gemma2Rules<Gemma2Config{.attn_logit_softcapping = -0.5F}>) > 0);
// expect: Gemma3TextConfig: 'rope_local_base_freq' must be positive and finite
// with: -5.0
static_assert(sizeof(Gemma3TextRules<Gemma3TextConfig{.rope_local_base_freq = -0.5F}>) > 0);
// expect: Gemma3TextConfig: 'sliding_window_pattern' must be positive
// with: 0
static_assert(sizeof(Gemma3TextRules<Gemma3TextConfig{.sliding_window_pattern = 0}>) > 0);

// expect: 'head_dim' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(same<MistralConfig{.head_dim = 11}, MistralConfig{.head_dim = 13}>);
// expect: 'num_key_value_heads' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(
    same<MistralConfig{.num_key_value_heads = 11}, MistralConfig{.num_key_value_heads = 13}>);
// expect: 'sliding_window' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(same<MistralConfig{.sliding_window = 11}, MistralConfig{.sliding_window = 13}>);
// expect: 'rope_scaling' of the entry differs from the model's MistralConfig
// with: RopeScaling
static_assert(same<MistralConfig{.rope_scaling = {.factor = 0.5F}},
                   MistralConfig{.rope_scaling = {.factor = 0.25F}}>);
// expect: 'num_experts_per_tok' of the entry differs from the model's MixtralConfig
// with: 11, 13
static_assert(
    same<MixtralConfig{.num_experts_per_tok = 11}, MixtralConfig{.num_experts_per_tok = 13}>);
// expect: 'num_local_experts' of the entry differs from the model's MixtralConfig
// with: 11, 13
static_assert(same<MixtralConfig{.num_local_experts = 11}, MixtralConfig{.num_local_experts = 13}>);
// expect: 'use_sliding_window' of the entry differs from the model's Qwen2Config
// with: true, false
static_assert(
    same<Qwen2Config{.use_sliding_window = true}, Qwen2Config{.use_sliding_window = false}>);
// expect: 'layer_types' of the entry differs from the model's Qwen2Config
static_assert(
    same<Qwen2Config{.layer_types = {.size = 1, .values = {LayerType::full_attention}}},
         Qwen2Config{.layer_types = {.size = 1, .values = {LayerType::sliding_attention}}}>);
// expect: 'attention_bias' of the entry differs from the model's Qwen3Config
// with: true, false
static_assert(same<Qwen3Config{.attention_bias = true}, Qwen3Config{.attention_bias = false}>);
// expect: 'decoder_sparse_step' of the entry differs from the model's Qwen3MoeConfig
// with: 11, 13
static_assert(
    same<Qwen3MoeConfig{.decoder_sparse_step = 11}, Qwen3MoeConfig{.decoder_sparse_step = 13}>);
// expect: 'moe_intermediate_size' of the entry differs from the model's Qwen3MoeConfig
// with: 11, 13
static_assert(
    same<Qwen3MoeConfig{.moe_intermediate_size = 11}, Qwen3MoeConfig{.moe_intermediate_size = 13}>);
// expect: 'num_experts' of the entry differs from the model's Qwen3MoeConfig
// with: 11, 13
static_assert(same<Qwen3MoeConfig{.num_experts = 11}, Qwen3MoeConfig{.num_experts = 13}>);
// expect: 'norm_topk_prob' of the entry differs from the model's Qwen3MoeConfig
// with: true, false
static_assert(
    same<Qwen3MoeConfig{.norm_topk_prob = true}, Qwen3MoeConfig{.norm_topk_prob = false}>);
// expect: 'mlp_only_layers' of the entry differs from the model's Qwen3MoeConfig
static_assert(same<Qwen3MoeConfig{.mlp_only_layers = {.size = 1, .values = {11}}},
                   Qwen3MoeConfig{.mlp_only_layers = {.size = 1, .values = {13}}}>);
// expect: 'hidden_activation' of the entry differs from the model's GemmaConfig
// with: Activation::relu | Activation::silu
static_assert(same<GemmaConfig{.hidden_activation = Activation::relu},
                   GemmaConfig{.hidden_activation = Activation::silu}>);
// expect: 'query_pre_attn_scalar' of the entry differs from the model's Gemma2Config
// with: 5.0 | 2.5
static_assert(same<Gemma2Config{.query_pre_attn_scalar = 0.5F},
                   Gemma2Config{.query_pre_attn_scalar = 0.25F}>);
// expect: 'final_logit_softcapping' of the entry differs from the model's Gemma2Config
// with: 5.0 | 2.5
static_assert(same<Gemma2Config{.final_logit_softcapping = 0.5F},
                   Gemma2Config{.final_logit_softcapping = 0.25F}>);
// expect: 'attn_logit_softcapping' of the entry differs from the model's Gemma2Config
// with: 5.0 | 2.5
static_assert(same<Gemma2Config{.attn_logit_softcapping = 0.5F},
                   Gemma2Config{.attn_logit_softcapping = 0.25F}>);
// expect: 'rope_local_base_freq' of the entry differs from the model's Gemma3TextConfig
// with: 5.0 | 2.5
static_assert(same<Gemma3TextConfig{.rope_local_base_freq = 0.5F},
                   Gemma3TextConfig{.rope_local_base_freq = 0.25F}>);
// expect: 'sliding_window_pattern' of the entry differs from the model's Gemma3TextConfig
// with: 11, 13
static_assert(same<Gemma3TextConfig{.sliding_window_pattern = 11},
                   Gemma3TextConfig{.sliding_window_pattern = 13}>);
// expect: 'vocab_size' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(same<MistralConfig{.vocab_size = 11}, MistralConfig{.vocab_size = 13}>);
// expect: 'hidden_size' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(same<MistralConfig{.hidden_size = 11}, MistralConfig{.hidden_size = 13}>);
// expect: 'intermediate_size' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(same<MistralConfig{.intermediate_size = 11}, MistralConfig{.intermediate_size = 13}>);
// expect: 'num_hidden_layers' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(same<MistralConfig{.num_hidden_layers = 11}, MistralConfig{.num_hidden_layers = 13}>);
// expect: 'num_attention_heads' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(
    same<MistralConfig{.num_attention_heads = 11}, MistralConfig{.num_attention_heads = 13}>);
// expect: 'max_position_embeddings' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(same<MistralConfig{.max_position_embeddings = 11},
                   MistralConfig{.max_position_embeddings = 13}>);
// expect: 'num_labels' of the entry differs from the model's MistralConfig
// with: 11, 13
static_assert(same<MistralConfig{.num_labels = 11}, MistralConfig{.num_labels = 13}>);
// expect: 'hidden_act' of the entry differs from the model's MistralConfig
// with: Activation::relu | Activation::silu
static_assert(same<MistralConfig{.hidden_act = Activation::relu},
                   MistralConfig{.hidden_act = Activation::silu}>);
// expect: 'rms_norm_eps' of the entry differs from the model's MistralConfig
// with: 5.0 | 2.5
static_assert(same<MistralConfig{.rms_norm_eps = 0.5F}, MistralConfig{.rms_norm_eps = 0.25F}>);
// expect: 'rope_theta' of the entry differs from the model's MistralConfig
// with: 5.0 | 2.5
static_assert(same<MistralConfig{.rope_theta = 0.5F}, MistralConfig{.rope_theta = 0.25F}>);
// expect: 'pad_token_id' of the entry differs from the model's MistralConfig
// with: 13, -1
static_assert(same<MistralConfig{.pad_token_id = 13}, MistralConfig{.pad_token_id = -1}>);
// expect: 'tie_word_embeddings' of the entry differs from the model's MistralConfig
// with: true, false
static_assert(
    same<MistralConfig{.tie_word_embeddings = true}, MistralConfig{.tie_word_embeddings = false}>);
// expect: 'mlp_bias' of the entry differs from the model's LlamaConfig
// with: true, false
static_assert(same<LlamaConfig{.mlp_bias = true}, LlamaConfig{.mlp_bias = false}>);

#endif

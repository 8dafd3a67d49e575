// ELECTRA: Clark et al. 2020, "ELECTRA: Pre-training Text Encoders as Discriminators Rather Than
// Generators". BERT's layers over embeddings that may be narrower, without a pooler. Members carry
// the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "zoo/parts/encoder_blocks.hpp"
#include "zoo/parts/position_embedding.hpp"

namespace xzoo {

/// Which hidden states a multiple-choice head reads; the names are those of config.json. Only
/// first is implemented.
enum class SummaryType : std::uint8_t { first, last, mean, cls_index, attn };

template <>
inline constexpr std::size_t enumerator_count<SummaryType> = 5;

/// The name that Hugging Face configs use.
constexpr const char* name(SummaryType type) noexcept {
    constexpr std::array<const char*, 5> names{"first", "last", "mean", "cls_index", "attn"};
    return names[static_cast<std::size_t>(type)];
}

/// Sizes and choices of an ELECTRA model, generator or discriminator. Fields and defaults are those
/// of Hugging Face's ElectraConfig, without those that matter for training only.
/// Source  Clark et al. 2020, section 3.
struct ElectraConfig {
    static constexpr const char* model_type = "electra";

    std::size_t vocab_size = 30522;    // rows of the token table
    std::size_t embedding_size = 128;  // channels of the tables, projected where not hidden_size
    std::size_t hidden_size = 256;     // channels of a token
    std::size_t num_hidden_layers = 12;
    std::size_t num_attention_heads = 4;
    std::size_t intermediate_size = 1024;  // channels inside the feed-forward block
    Activation hidden_act = Activation::gelu;
    std::size_t max_position_embeddings = 512;
    std::size_t type_vocab_size = 2;  // sentence A, sentence B
    float layer_norm_eps = 1e-12F;
    // The multiple-choice head: a projection of the first token and an activation (null: linear).
    SummaryType summary_type = SummaryType::first;
    bool summary_use_proj = true;
    Activation summary_activation = Activation::gelu;
    long long pad_token_id = 0;  // -1: null
    PositionEmbedding position_embedding_type = PositionEmbedding::absolute;
    bool is_decoder = false;  // causal attention
    bool add_cross_attention = false;
    bool tie_word_embeddings = true;  // the generator's head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return hidden_size / num_attention_heads; }
    friend constexpr bool operator==(const ElectraConfig&, const ElectraConfig&) = default;
};
XZOO_CONFIG_FIELDS(ElectraConfig, vocab_size, embedding_size, hidden_size, num_hidden_layers,
                   num_attention_heads, intermediate_size, hidden_act, max_position_embeddings,
                   type_vocab_size, layer_norm_eps, summary_type, summary_use_proj,
                   summary_activation, pad_token_id, position_embedding_type, is_decoder,
                   add_cross_attention, tie_word_embeddings, num_labels);

#define XZOO_ELECTRA_RULES(rule, config)                                                           \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'embedding_size' must be positive", Positive, embedding_size);                   \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'num_hidden_layers' must be positive", Positive, num_hidden_layers);             \
    rule(config, "'num_attention_heads' must divide 'hidden_size'", Divides, num_attention_heads,  \
         hidden_size);                                                                             \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'type_vocab_size' must be positive", Positive, type_vocab_size);                 \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps);    \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'position_embedding_type' must be absolute", Is<PositionEmbedding::absolute>,    \
         position_embedding_type);                                                                 \
    rule(config, "'summary_type' must be first", Is<SummaryType::first>, summary_type);            \
    rule(config, "'summary_use_proj' must be true", Is<true>, summary_use_proj);                   \
    rule(config, "'add_cross_attention' must be false", Is<false>, add_cross_attention);           \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for an ElectraConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(ElectraConfig, ElectraRules, XZOO_ELECTRA_RULES);
#undef XZOO_ELECTRA_RULES

// Clark et al. 2020, table 6: the discriminators
inline constexpr ElectraConfig electra_small{};
inline constexpr ElectraConfig electra_base{.embedding_size = 768,
                                            .hidden_size = 768,
                                            .num_attention_heads = 12,
                                            .intermediate_size = 3072};
inline constexpr ElectraConfig electra_large{.embedding_size = 1024,
                                             .hidden_size = 1024,
                                             .num_hidden_layers = 24,
                                             .num_attention_heads = 16,
                                             .intermediate_size = 4096};

/// What all ELECTRA classes share.
template <ElectraConfig C>
struct ElectraCommon : EncoderCommon<C, ElectraRules<C>> {
    static constexpr const char* base_model_prefix = "electra";
    static constexpr std::array<std::string_view, 6> family_parts{"discriminator_predictions.",
                                                                  "generator_predictions.",
                                                                  "generator_lm_head.",
                                                                  "sequence_summary.",
                                                                  "classifier.",
                                                                  "qa_outputs."};
    static constexpr auto language_ties = decoder_ties<C.tie_word_embeddings>(
        {"generator_lm_head.weight", "electra.embeddings.word_embeddings.weight"});
};

/// Embeddings and layers: the parameters of ElectraModel, on their own or below a head.
template <ElectraConfig C>
struct ElectraBody {
    static constexpr bool has_pooler = false;
    static constexpr bool projects = C.embedding_size != C.hidden_size;
    using Embeddings = nn::TokenEmbeddings<C.vocab_size, C.max_position_embeddings,
                                           C.type_vocab_size, C.embedding_size>;
    using Projection = If<projects, nn::Linear<C.hidden_size, C.embedding_size>>;
    using Encoder = BertEncoder<C>;
    BOOST_HANA_DEFINE_STRUCT(ElectraBody, (Embeddings, embeddings),
                             (Projection, embeddings_project), (Encoder, encoder));

    /// The last hidden state (tokens, hidden), in the workspace.
    const float* encode(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
                        ModelOutput& output) const {
        float* hidden = workspace.take(batch.tokens() * C.hidden_size);  // (tokens, hidden)
        const auto tables = embeddings.view(C.layer_norm_eps);
        if constexpr (projects)
            nn::embed_tokens(tables, embeddings_project.view(), batch, hidden, workspace, threads);
        else
            nn::embed_tokens(tables, batch, hidden, workspace, threads);
        encoder(batch, hidden, workspace, threads, output);
        return hidden;
    }
};

/// ElectraModel: last_hidden_state.
template <ElectraConfig C, Precisions P = f32>
struct Electra : EncoderModel<Electra<C, P>, ElectraCommon<C>, ElectraBody<C>> {
    static constexpr const char* class_name = "ElectraModel";
};

}  // namespace xzoo

#include "zoo/electra_heads.hpp"

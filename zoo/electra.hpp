// ELECTRA: Clark et al. 2020, "ELECTRA: Pre-training Text Encoders as Discriminators Rather Than
// Generators". BERT's layers over embeddings that may be narrower, without a pooler. Members carry
// the names of the checkpoint.
#pragma once

#include <array>
#include <string_view>

#include "xzoo/weights/electra.hpp"
#include "zoo/config/electra.hpp"
#include "zoo/encoder_blocks.hpp"

namespace xzoo {

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
template <ElectraConfig C>
struct Electra : EncoderModel<Electra<C>, ElectraCommon<C>, ElectraBody<C>> {
    static constexpr const char* class_name = "ElectraModel";
};

}  // namespace xzoo

#include "zoo/electra_heads.hpp"

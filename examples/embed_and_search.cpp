// Ranks sentences by their likeness to a query: example_embed_and_search [QUERY [FOLDER]]
#include <iostream>
#include <string>
#include <vector>
#include <xzoo/nn/pooling.hpp>
#include <xzoo/text/tokenizer.hpp>
#include <zoo/bert.hpp>

int main(int argc, char* argv[]) {
    const std::string query = argc > 1 ? argv[1] : "Ein langer Abend am Meer";
    const std::string folder = argc > 2 ? argv[2] : "weights_manifest/embedded/language_id";
    const std::vector<std::string> texts{"The ships come home at night", "Schiffe in der Nacht",
                                         "Les bateaux dans la nuit", "Le navi nella notte"};
    // This model tells languages apart, so alike is what is in one language. For likeness of
    // meaning, take Bert<minilm_l6> and the folder of sentence-transformers/all-MiniLM-L6-v2.
    constexpr auto config = xzoo::Weights<xzoo::BertWeights::language_id>::config;
    const auto encoder = xzoo::Bert<config>{}.from_pretrained(folder);
    const auto tokenizer = xzoo::Tokenizer::from_pretrained(folder);
    const auto embed = [&](const std::vector<std::string>& sentences) {
        const xzoo::EncodingBatch tokens = tokenizer.encode_batch(sentences);
        return xzoo::sentence_embeddings(
            encoder, {.input_ids = tokens.ids, .attention_mask = tokens.attention_mask});
    };
    const xt::xtensor<float, 2> likeness = xzoo::cosine_similarity(embed({query}), embed(texts));
    for (std::size_t i = 0; i < texts.size(); ++i)
        std::cout << likeness(0, i) << "  " << texts[i] << '\n';
}

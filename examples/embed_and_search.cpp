// Ranks sentences by their likeness to a query: example_embed_and_search [QUERY [FOLDER]]
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>
#include <xzoo/nn/pooling.hpp>
#include <xzoo/text/tokenizer.hpp>
#include <zoo/bert.hpp>

int main(int argc, char* argv[]) {
    const std::string query = argc > 1 ? argv[1] : "When does the next train to the city leave?";
    const std::string folder = argc > 2 ? argv[2] : "weights_manifest/embedded/language_id";
    const std::vector<std::string> texts{query, "Quando scende la notte, le navi tornano nel porto",
                                         "Quand la nuit tombe, les bateaux rentrent au port",
                                         "When night falls, the ships come back into the harbour"};
    // This model was trained to tell languages apart, so texts of one language are alike, mostly.
    // For likeness of meaning: Bert<minilm_l6> and sentence-transformers/all-MiniLM-L6-v2.
    constexpr auto config = xzoo::Weights<xzoo::BertWeights::language_id>::config;
    const auto encoder = xzoo::Bert<config>{}.from_pretrained(folder);
    const xzoo::EncodingBatch tokens = xzoo::Tokenizer::from_pretrained(folder).encode_batch(texts);
    const xt::xtensor<float, 2> embeddings = xzoo::sentence_embeddings(
        encoder,
        {.input_ids = tokens.ids, .attention_mask = tokens.attention_mask, .skip_padding = true});
    const xt::xtensor<float, 2> likeness = xzoo::cosine_similarity(embeddings, embeddings);
    std::multimap<float, std::string, std::greater<>> ranking;  // the most alike first
    for (std::size_t i = 1; i < texts.size(); ++i)
        ranking.emplace(likeness(0, i), texts[i]);
    for (const auto& [score, text] : ranking)
        std::cout << score << "  " << text << '\n';
}

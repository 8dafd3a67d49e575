// Names the language of a sentence: example_classify_sentence [TEXT [FOLDER]]
#include <iostream>
#include <string>
#include <xtensor/xsort.hpp>
#include <xzoo/text/tokenizer.hpp>
#include <zoo/bert.hpp>

int main(int argc, char* argv[]) {
    const std::string text = argc > 1 ? argv[1] : "Wo ist hier der Bahnhof?";
    const std::string folder = argc > 2 ? argv[2] : "weights_manifest/embedded/language_id";
    // The type follows from the entry; size and SHA-256 of the file must be the entry's.
    const auto model = xzoo::from_pretrained<xzoo::BertWeights::language_id>({.directory = folder});
    const auto tokenizer = xzoo::Tokenizer::from_pretrained(folder);
    const xzoo::EncodingBatch tokens = tokenizer.encode_batch({text});
    const xt::xtensor<float, 2> logits = model({.input_ids = tokens.ids}).logits;  // (1, labels)
    std::cout << model.labels()[xt::argmax(logits)()] << '\n';
}

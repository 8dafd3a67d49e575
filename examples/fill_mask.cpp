// Says which word belongs where a mask stands: example_fill_mask [TEXT [FOLDER]]
#include <calendar.hpp>  // made by xzoo_add_model from calendar/config.json and its weights
#include <iostream>
#include <string>
#include <xtensor/xsort.hpp>
#include <xtensor/xview.hpp>
#include <xzoo/text/tokenizer.hpp>

int main(int argc, char* argv[]) {
    const std::string text = argc > 1 ? argv[1] : "monday tuesday [MASK] thursday";
    const std::string folder = argc > 2 ? argv[2] : "examples/calendar";
    const auto model = calendar::Model{}.from_pretrained(folder);  // a BertForMaskedLM
    const auto tokenizer = xzoo::Tokenizer::from_pretrained(folder);
    const xzoo::EncodingBatch tokens = tokenizer.encode_batch({text});
    const xt::xtensor<float, 3> logits = model({.input_ids = tokens.ids}).logits;
    for (std::size_t i = 0; i < tokens.ids.shape(1); ++i) {
        if (tokens.ids(0, i) != tokenizer.special_tokens().mask)
            continue;
        const xt::xtensor<float, 1> scores = xt::view(logits, 0, i);  // (vocabulary)
        const auto best = static_cast<std::uint32_t>(xt::argmax(scores)());
        std::cout << tokenizer.id_to_token(best) << '\n';
    }
}

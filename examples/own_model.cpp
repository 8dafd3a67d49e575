// A checkpoint of your own as a type: example_own_model [FOLDER]
//
//     xzoo_add_model(NAME tiny_bert CONFIG config.json WEIGHTS model.safetensors)
//     target_link_libraries(example_own_model PRIVATE tiny_bert)
#include <iostream>
#include <string>
#include <tiny_bert.hpp>

int main(int argc, char* argv[]) {
    const std::string folder = argc > 1 ? argv[1] : "tests/data/models/tiny_bert";
    using namespace xzoo::literals;
    static_assert(tiny_bert::config.num_labels == 3);     // the sizes are constants,
    static_assert(xzoo::fits<tiny_bert::Model>(64_KiB));  // and so is the memory they take
    const auto model = tiny_bert::Model{}.from_pretrained(tiny_bert::entry, {.directory = folder});
    const xt::xtensor<std::uint32_t, 2> ids{{2, 7, 9, 3}};
    const xt::xtensor<float, 2> logits = model({.input_ids = ids}).logits;
    for (std::size_t label = 0; label < model.labels().size(); ++label)
        std::cout << model.labels()[label] << ' ' << logits(0, label) << '\n';
}

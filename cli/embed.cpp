// xzoo embed
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/json_line.hpp"
#include "cli/loaded_model.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "xzoo/nn/pooling.hpp"

namespace xzoo::cli {

namespace {

Pooling pooling_of(const std::string& name) {
    return name == "cls"    ? Pooling::cls
           : name == "last" ? Pooling::last
           : name == "max"  ? Pooling::max
                            : Pooling::mean;
}

std::string line_of(const Text& text, std::span<const float> vector, bool json) {
    if (json)
        return JsonObject{}
            .add("text", text.first)
            .add_json("embedding", json_array(vector))
            .text();
    std::string line;
    for (const float value : vector)
        line += (line.empty() ? "" : " ") + io::number_text(value);
    return line;
}

}  // namespace

int run(const EmbedOptions& options) {
    TextReader reader{options.input};
    LoadedModel model{Task::embed, options.model};
    const Pooling pooling = pooling_of(options.pooling);
    ProgressBar bar{"embedding"};
    std::vector<float> vectors;  // (batch, width)
    for (std::vector<Text> texts = reader.read(options.model.batch_size); !texts.empty();
         texts = reader.read(options.model.batch_size)) {
        const Answer answer = model.run(texts);
        vectors.resize(answer.batch * answer.width);
        nn::pool(answer.values.data(), answer.mask.data(), answer.batch, answer.length,
                 answer.width, pooling, options.normalize, vectors.data());
        bar.clear();
        for (std::size_t i = 0; i < texts.size(); ++i)
            std::cout << line_of(texts[i],
                                 std::span{vectors}.subspan(i * answer.width, answer.width),
                                 options.json)
                      << '\n';
        std::cout.flush();
        check_output();
        bar.update(reader.done(), reader.total());
    }
    return exit_ok;
}

}  // namespace xzoo::cli

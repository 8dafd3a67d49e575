// xzoo classify
#include <array>
#include <cstdio>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/json_line.hpp"
#include "cli/loaded_model.hpp"
#include "cli/output.hpp"
#include "cli/scores.hpp"
#include "cli/terminal.hpp"

namespace xzoo::cli {

namespace {

std::string score_text(double probability) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4f", probability);
    return text.data();
}

/// A config.json that another class wrote may name other labels than the classifier has.
std::string name_of(std::size_t label, const std::vector<std::string>& labels) {
    return label < labels.size() ? labels[label] : "LABEL_" + std::to_string(label);
}

std::string json_of(const Text& text, std::span<const double> scores,
                    std::span<const std::size_t> order, const std::vector<std::string>& labels) {
    JsonObject object;
    object.add("text", text.first);
    if (text.is_pair)
        object.add("pair", text.second);
    JsonObject all;
    for (const std::size_t label : order)
        all.add(name_of(label, labels), static_cast<float>(scores[label]));
    return object.add("label", name_of(order.front(), labels))
        .add("score", static_cast<float>(scores[order.front()]))
        .add_json("scores", all.text())
        .text();
}

std::string text_of(const Text& text, std::span<const double> scores,
                    std::span<const std::size_t> order, const std::vector<std::string>& labels) {
    std::string line;
    for (const std::size_t label : order)
        line += name_of(label, labels) + '\t' + score_text(scores[label]) + '\t';
    return line + printable(text.first) + (text.is_pair ? '\t' + printable(text.second) : "");
}

}  // namespace

int run(const ClassifyOptions& options) {
    TextReader reader{options.input};
    LoadedModel model{Task::classify, options.model};
    const std::vector<std::string>& labels = model.labels();
    ProgressBar bar{"classifying"};
    for (std::vector<Text> texts = reader.read(options.model.batch_size); !texts.empty();
         texts = reader.read(options.model.batch_size)) {
        const Answer answer = model.run(texts);
        bar.clear();
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const std::vector<double> scores =
                probabilities(answer.values.subspan(i * answer.width, answer.width),
                              model.has_independent_labels());
            const std::vector<std::size_t> order = best(scores, options.top_k);
            std::cout << (options.json ? json_of(texts[i], scores, order, labels)
                                       : text_of(texts[i], scores, order, labels))
                      << '\n';
        }
        std::cout.flush();
        check_output();
        bar.update(reader.done(), reader.total());
    }
    return exit_ok;
}

}  // namespace xzoo::cli

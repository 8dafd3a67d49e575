// xzoo fill-mask
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
#include "xzoo/core/error.hpp"

namespace xzoo::cli {

namespace {

/// A token that may stand for a mask.
struct Candidate {
    std::uint32_t id;
    double score;
    std::string token;
    std::string text;  // with the token in place of the mask
};

std::vector<Candidate> candidates(const LoadedModel& model, const Text& text, const MaskPlace& mask,
                                  std::span<const float> logits, std::size_t top_k) {
    const std::vector<double> scores = probabilities(logits, false);
    std::vector<Candidate> found;
    for (const std::size_t id : best(scores, top_k)) {
        const auto token = static_cast<std::uint32_t>(id);
        std::string filled = text.first;
        filled.replace(mask.begin, mask.end - mask.begin, model.token_text(token));
        found.push_back({token, scores[id], model.token_name(token), std::move(filled)});
    }
    return found;
}

std::string json_of(const MaskPlace& mask, const std::vector<Candidate>& found) {
    std::string list;
    for (const Candidate& candidate : found)
        list += (list.empty() ? "" : ", ") + JsonObject{}
                                                 .add("token", candidate.token)
                                                 .add("id", candidate.id)
                                                 .add("score", static_cast<float>(candidate.score))
                                                 .add("text", candidate.text)
                                                 .text();
    return JsonObject{}
        .add("position", mask.position)
        .add_json("candidates", '[' + list + ']')
        .text();
}

std::string text_of(const std::vector<Candidate>& found) {
    std::string lines;
    for (const Candidate& candidate : found) {
        std::array<char, 32> score{};
        std::snprintf(score.data(), score.size(), "%.4f", candidate.score);
        lines += std::string{score.data()} + '\t' + candidate.token + '\t' +
                 printable(candidate.text) + '\n';
    }
    return lines;
}

/// What is printed for one text of a batch.
std::string result(const LoadedModel& model, const Answer& answer, std::span<const Text> texts,
                   std::size_t i, const FillMaskOptions& options) {
    std::string json;
    std::string lines;
    for (const MaskPlace& mask : answer.masks) {
        if (mask.text != i)
            continue;
        const std::size_t row = i * answer.length + mask.position;
        const std::vector<Candidate> found =
            candidates(model, texts[i], mask,
                       answer.values.subspan(row * answer.width, answer.width), options.top_k);
        json += (json.empty() ? "" : ", ") + json_of(mask, found);
        lines += text_of(found);
    }
    if (json.empty())
        throw ArgumentError{"there is no " + model.mask_token() + " in the text '" +
                            texts[i].first + "' (or it was cut off: the text is too long)"};
    if (options.json)
        return JsonObject{}.add("text", texts[i].first).add_json("masks", '[' + json + ']').text() +
               '\n';
    return lines;
}

}  // namespace

int run(const FillMaskOptions& options) {
    TextReader reader{options.input};
    LoadedModel model{Task::fill_mask, options.model};
    static_cast<void>(model.mask_token());  // says at once that there is none
    ProgressBar bar{"filling"};
    for (std::vector<Text> texts = reader.read(options.model.batch_size); !texts.empty();
         texts = reader.read(options.model.batch_size)) {
        const Answer answer = model.run(texts);
        bar.clear();
        for (std::size_t i = 0; i < texts.size(); ++i)
            std::cout << result(model, answer, texts, i, options);
        std::cout.flush();
        check_output();
        bar.update(reader.done(), reader.total());
    }
    return exit_ok;
}

}  // namespace xzoo::cli

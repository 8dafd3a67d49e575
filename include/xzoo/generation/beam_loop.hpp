#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "xzoo/generation/beam_search.hpp"
#include "xzoo/generation/running_text.hpp"
#include "xzoo/generation/session.hpp"

namespace xzoo::generation {

/// Searches with beams for the best texts of every prompt. Callbacks see them when all are found.
inline void run_beams(Session& session, Prompts prompts, GenerationResult& result) {
    session.read_prompts(prompts, result);
    std::vector<BeamSearch> searches;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        const RandomStream random{result.seed.value_or(0), Session::first_stream(prompts, i, 1)};
        searches.emplace_back(session, prompts[i], i, random).advance(i);
    }
    result.seconds_to_first_token = session.seconds();
    std::vector<nn::CacheStep> steps;
    while (true) {
        steps.clear();
        for (BeamSearch& search : searches) {
            if (!search.done() && session.out_of_time())
                search.stop(FinishReason::max_time);
            if (!search.done())
                search.plan(steps);
        }
        if (steps.empty())
            break;
        session.main->step(steps, nn::ScoredRows::last, false, session.workspace);
        std::size_t row = 0;
        for (BeamSearch& search : searches)
            if (!search.done())
                row += search.advance(row);
    }
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        for (Hypothesis& found : searches[i].best(*session.config.num_return_sequences)) {
            if (found.ended)
                found.ids.push_back(session.config.eos_token_id->front());
            RunningText text{session, prompts[i], i, result.sequences.size(), {}};
            for (std::size_t t = prompts[i].size(); t < found.ids.size() && !text.finished(); ++t)
                text.append(found.ids[t]);
            text.finish(searches[i].reason());
            GeneratedSequence& sequence = result.sequences.emplace_back(text.take());
            sequence.beam_score = static_cast<float>(found.score);
            if (!session.options.log_probs)
                continue;
            found.log_probs.resize(sequence.new_ids().size());  // a callback may have ended it
            sequence.log_probs = std::move(found.log_probs);
        }
    }
}

}  // namespace xzoo::generation

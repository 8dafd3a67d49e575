// Beam search, beam sampling and groups of diverse beams, as transformers 4.46 does them
// (BeamSearchScorer, _beam_search, _group_beam_search).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "xzoo/generation/beam_hypotheses.hpp"
#include "xzoo/generation/choose_token.hpp"
#include "xzoo/generation/process_scores.hpp"
#include "xzoo/generation/random_stream.hpp"
#include "xzoo/generation/session.hpp"

namespace xzoo::generation {

/// The beams of one prompt.
class BeamSearch {
public:
    /// The prompt has been read into the first of its session.width sequences of the cache.
    BeamSearch(Session& session, Ids prompt, std::size_t prompt_number, RandomStream random)
        : session_{session},
          lengths_{session.lengths[prompt_number]},
          first_sequence_{prompt_number * session.width},
          group_size_{*session.config.num_beams / *session.config.num_beam_groups},
          random_{random} {
        const GenerationConfig& config = session.config;
        beams_.resize(*config.num_beams);
        next_.resize(group_size_);
        moving_.reserve(group_size_);
        for (std::vector<Beam>* beams : {&beams_, &next_})
            for (Beam& beam : *beams) {
                beam.ids.reserve(lengths_.expected());
                beam.log_probs.reserve(lengths_.expected() - prompt.size());
            }
        for (std::size_t b = 0; b < beams_.size(); ++b) {
            beams_[b].ids.assign(prompt.begin(), prompt.end());
            // All beams of a group are equal at first: only one of them may choose.
            beams_[b].score = b % group_size_ == 0 ? 0.0F : -1e9F;
            beams_[b].sequence = first_sequence_;  // which has read the prompt
        }
        groups_.assign(*config.num_beam_groups,
                       {BeamHypotheses{group_size_, config, lengths_.most - lengths_.prompt}});
    }

    bool done() const noexcept { return done_; }

    /// Adds what the open beams read next; their ids are valid until advance.
    void plan(std::vector<nn::CacheStep>& steps) const {
        for (std::size_t b = 0; b < beams_.size(); ++b)
            if (!groups_[b / group_size_].done)
                steps.push_back({beams_[b].sequence, Ids{beams_[b].ids}.last(1)});
    }

    /// Chooses a token for every open beam by the rows of the last step: one for each step that was
    /// planned, from `row` on; or `row` alone where the beams have only read the prompt. Returns
    /// the number of rows.
    std::size_t advance(std::size_t row) {
        const bool first = new_tokens() == 0;
        const std::size_t begin = row;
        chosen_.clear();
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            if (groups_[g].done) {
                // Diversity counts the padding of groups that are done.
                chosen_.insert(chosen_.end(), group_size_, *session_.config.pad_token_id);
                continue;
            }
            select(g, row, first);
            row += first ? 0 : group_size_;
            take_selected(g);
        }
        ++steps_;
        done_ = std::all_of(groups_.begin(), groups_.end(), [](const Group& g) { return g.done; });
        const std::size_t length = lengths_.prompt + steps_;
        if (!done_ && length >= lengths_.most)
            stop(FinishReason::length);
        else if (!done_ && length > session_.main->room())
            stop(FinishReason::context_full);
        return row - begin;
    }

    /// Ends the search; beams that are open count as they are.
    void stop(FinishReason reason) {
        done_ = true;
        reason_ = reason;
        for (std::size_t b = 0; b < beams_.size(); ++b)
            if (Group& group = groups_[b / group_size_]; !group.done && is_possible(beams_[b]))
                group.finished.add({0.0, beams_[b].ids, beams_[b].log_probs, false},
                                   double{beams_[b].score}, new_tokens());
    }

    /// Why texts without an end token ended.
    FinishReason reason() const noexcept { return reason_; }

    /// The `count` best texts that were found, best first; of equal ones the last that was found.
    /// Errors  ArgumentError: there are fewer, as the rules for tokens left no more.
    std::vector<Hypothesis> best(std::size_t count) const {
        std::vector<Hypothesis> all;
        for (const Group& group : groups_)
            all.insert(all.end(), group.finished.found().begin(), group.finished.found().end());
        std::reverse(all.begin(), all.end());
        std::stable_sort(all.begin(), all.end(), [](const Hypothesis& a, const Hypothesis& b) {
            return a.score > b.score;
        });
        if (all.size() < count)
            no_token_left();
        all.resize(count);
        return all;
    }

private:
    struct Beam {
        std::vector<std::uint32_t> ids{};
        std::vector<float> log_probs{};
        float score = 0.0F;
        std::size_t sequence = 0;  // of the cache
    };
    struct Group {
        BeamHypotheses finished;
        bool done = false;
    };
    struct Candidate {
        std::size_t beam = 0;  // that it continues
        std::uint32_t id = 0;
        float score = 0.0F;
        float log_prob = 0.0F;  // by the model's own scores
    };

    /// Whether no token of a beam, or the one that a candidate adds to it, is excluded.
    static bool is_possible(const auto& beam) { return beam.score > minus_infinity; }

    std::size_t new_tokens() const noexcept { return steps_; }
    std::size_t vocabulary() const { return session_.main->model().vocab_size(); }
    bool is_end(std::uint32_t id) const {
        const TokenIds& eos = *session_.config.eos_token_id;
        return std::find(eos.begin(), eos.end(), id) != eos.end();
    }

    /// Finds the candidates of a group, best first.
    void select(std::size_t g, std::size_t row, bool first) {
        const GenerationConfig& config = session_.config;
        // So many that one remains for every beam if all others are end tokens.
        const std::size_t least = std::max<std::size_t>(2, 1 + config.eos_token_id->size());
        const std::size_t count = least * group_size_;
        std::vector<float>& scores = session_.values;
        scores.resize(group_size_ * vocabulary());
        log_sums_.resize(group_size_);
        for (std::size_t k = 0; k < group_size_; ++k) {
            const Beam& beam = beams_[g * group_size_ + k];
            const std::span<const float> raw = session_.main->row(first ? row : row + k);
            const Scores own = Scores{scores}.subspan(k * vocabulary(), vocabulary());
            std::copy(raw.begin(), raw.end(), own.begin());
            log_softmax(own);
            log_sums_[k] = raw[0] - own[0];
            process_scores(config, lengths_, beam.ids, chosen_, own, session_.memory.probabilities);
            if (*config.do_sample)
                warp_scores(config, own, least, session_.memory);
            if (*config.renormalize_logits)
                log_softmax(own);
            for (float& score : own)
                score += beam.score;
        }
        if (*config.do_sample)
            sample(count);
        TopSelection& best = session_.memory.best;
        best.select(scores, count);
        candidates_.clear();
        for (const Scored& found : best.sorted()) {
            const std::size_t k = found.index / vocabulary();
            const auto id = static_cast<std::uint32_t>(found.index % vocabulary());
            const float raw = session_.main->row(first ? row : row + k)[id];
            candidates_.push_back({g * group_size_ + k, id, found.score, raw - log_sums_[k]});
        }
    }

    /// Leaves `count` scores, drawn without replacement by their softmax; where fewer tokens have a
    /// probability, all are left.
    void sample(std::size_t count) {
        std::vector<float>& scores = session_.values;
        std::vector<float>& weights = session_.memory.probabilities;
        softmax(scores, weights);
        const auto possible = static_cast<std::size_t>(
            std::count_if(weights.begin(), weights.end(), [](float w) { return w > 0.0F; }));
        if (possible <= count)
            return;
        drawn_.clear();
        for (std::size_t n = 0; n < count; ++n) {
            const std::size_t i =
                draw(weights, random_.uniform(new_tokens(), static_cast<std::uint32_t>(n)));
            weights[i] = 0.0F;
            drawn_.push_back({scores[i], i});
        }
        std::fill(scores.begin(), scores.end(), minus_infinity);
        for (const Scored& token : drawn_)
            scores[token.index] = token.score;
    }

    /// Makes the group's next beams of its candidates. Where none is possible, the texts that it
    /// found are all there are.
    /// Errors  ArgumentError: and it found none.
    void take_selected(std::size_t g) {
        Group& group = groups_[g];
        if (candidates_.empty() || !is_possible(candidates_.front())) {
            if (group.finished.found().empty())
                no_token_left();
            group.done = true;
            chosen_.insert(chosen_.end(), group_size_, *session_.config.pad_token_id);
            return;
        }
        std::size_t open = 0;
        for (std::size_t rank = 0; rank < candidates_.size() && open < group_size_; ++rank) {
            const Candidate& candidate = candidates_[rank];
            const Beam& parent = beams_[candidate.beam];
            if (!is_end(candidate.id)) {
                Beam& beam = next_[open++];
                beam.ids.assign(parent.ids.begin(), parent.ids.end());
                beam.ids.push_back(candidate.id);
                beam.log_probs.assign(parent.log_probs.begin(), parent.log_probs.end());
                beam.log_probs.push_back(candidate.log_prob);
                beam.score = candidate.score;
                beam.sequence = parent.sequence;
                chosen_.push_back(candidate.id);
            } else if (rank < group_size_ && is_possible(candidate)) {
                Hypothesis ended{0.0, parent.ids, parent.log_probs, true};
                ended.log_probs.push_back(candidate.log_prob);
                group.finished.add(std::move(ended), double{candidate.score}, steps_ + 1);
            }
        }
        if (open < group_size_)
            no_token_left();
        group.done = group.finished.is_done(double{candidates_.front().score}, steps_ + 1);
        if (!group.done)
            place(g);
        for (std::size_t k = 0; k < group_size_; ++k)
            std::swap(beams_[g * group_size_ + k], next_[k]);
    }

    /// Gives each next beam a sequence of the cache: one of those that continue a beam goes on
    /// where it was, the others move to where nothing goes on.
    void place(std::size_t g) {
        const std::size_t begin = first_sequence_ + g * group_size_;
        taken_.assign(group_size_, false);
        moving_.clear();
        for (std::size_t k = 0; k < group_size_; ++k) {
            const std::size_t place = next_[k].sequence - begin;  // at first maybe another group's
            if (next_[k].sequence < begin || place >= group_size_ || taken_[place])
                moving_.push_back(k);
            else
                taken_[place] = true;
        }
        std::size_t place = 0;
        for (const std::size_t k : moving_) {
            while (taken_[place])
                ++place;
            taken_[place] = true;
            session_.main->cache().copy(next_[k].sequence, begin + place);
            next_[k].sequence = begin + place;
        }
    }

    Session& session_;
    TextLengths lengths_;
    std::size_t first_sequence_;
    std::size_t group_size_;
    RandomStream random_;
    std::vector<Beam> beams_, next_;
    std::vector<Group> groups_;
    std::vector<Candidate> candidates_;
    std::vector<std::uint32_t> chosen_;  // in this step by earlier groups
    std::vector<float> log_sums_;        // what log_softmax took from a beam's scores
    std::vector<Scored> drawn_;
    std::vector<bool> taken_;
    std::vector<std::size_t> moving_;
    std::size_t steps_ = 0;  // tokens that open beams have after the prompt
    bool done_ = false;
    FinishReason reason_ = FinishReason::length;
};

}  // namespace xzoo::generation

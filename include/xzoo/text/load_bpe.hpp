#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>

#include <xzoo/text/bpe.hpp>
#include <xzoo/text/json_node.hpp>
#include <xzoo/text/model.hpp>

namespace xzoo::text {

/// Collects merges by the texts of their parts. The first one has rank 0.
class MergeCollector {
public:
    explicit MergeCollector(const Vocabulary& vocabulary, std::string continuing_prefix = {})
        : vocabulary_{vocabulary}, continuing_prefix_{std::move(continuing_prefix)} {}

    /// Takes the next merge; returns a complaint where one of the tokens does not exist.
    std::string add(std::string_view left, std::string_view right) {
        std::string whole{left};
        whole +=
            right.starts_with(continuing_prefix_) ? right.substr(continuing_prefix_.size()) : right;
        Merge merge{.rank = static_cast<std::uint32_t>(merges_.size())};
        for (const auto& [token, id] :
             {std::pair{left, &merge.left}, std::pair{right, &merge.right},
              std::pair{std::string_view{whole}, &merge.merged}}) {
            const auto found = vocabulary_.find(token);
            if (!found)
                return "needs the token '" + std::string{token} + "', which is not there";
            *id = *found;
        }
        merges_.push_back(merge);
        return {};
    }

    /// "left right"; anything else is a complaint.
    std::string add(std::string_view line) {
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
            return "is not two tokens with a space between";
        return add(line.substr(0, space), line.substr(space + 1));
    }

    MergeTable table() const { return MergeTable{merges_}; }

private:
    const Vocabulary& vocabulary_;
    std::string continuing_prefix_;
    std::vector<Merge> merges_;
};

/// ["a b", ...] or [["a", "b"], ...]
inline MergeTable load_merges(const JsonNode& node, const Vocabulary& vocabulary,
                              const std::string& continuing_prefix) {
    MergeCollector merges{vocabulary, continuing_prefix};
    std::size_t count = 0;
    for (const boost::json::value& item : node.array()) {
        std::string complaint = "is neither a string nor a pair of strings";
        const boost::json::array* pair = item.if_array();
        if (item.is_string())
            complaint = merges.add(std::string_view{item.get_string()});
        else if (pair != nullptr && pair->size() == 2 && (*pair)[0].is_string() &&
                 (*pair)[1].is_string())
            complaint = merges.add(std::string_view{(*pair)[0].get_string()},
                                   std::string_view{(*pair)[1].get_string()});
        if (!complaint.empty())
            node.items()[count].fail(complaint);
        ++count;
    }
    return merges.table();
}

/// A BPE model, with `byte_level` where the words that it gets are bytes. Dropout concerns training
/// alone.
inline std::unique_ptr<const Model> load_bpe(const JsonNode& node, Vocabulary vocabulary,
                                             bool byte_level) {
    Bpe::Options options;
    options.unk_token = node.string_or("unk_token", "");
    options.continuing_subword_prefix = node.string_or("continuing_subword_prefix", "");
    options.end_of_word_suffix = node.string_or("end_of_word_suffix", "");
    options.fuse_unk = node.boolean_or("fuse_unk", false);
    options.byte_fallback = node.boolean_or("byte_fallback", false);
    options.ignore_merges = node.boolean_or("ignore_merges", false);
    options.byte_level = byte_level;
    if (byte_level && !options.continuing_subword_prefix.empty())
        node.at("continuing_subword_prefix").fail("is not supported with ByteLevel");
    MergeTable merges =
        load_merges(node.at("merges"), vocabulary, options.continuing_subword_prefix);
    return std::make_unique<Bpe>(std::move(vocabulary), std::move(merges), std::move(options));
}

}  // namespace xzoo::text

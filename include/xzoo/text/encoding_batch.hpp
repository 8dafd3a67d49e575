#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <xtensor/xtensor.hpp>

#include <xzoo/text/encoding.hpp>
#include <xzoo/text/tokenizer_error.hpp>

namespace xzoo {

/// Encodings of several texts, all of the same length, and the tensors that a model takes.
struct EncodingBatch {
    xt::xtensor<std::uint32_t, 2> ids;             // (texts, tokens)
    xt::xtensor<std::uint32_t, 2> attention_mask;  // (texts, tokens), 0 for padding
    xt::xtensor<std::uint32_t, 2> token_type_ids;  // (texts, tokens)
    std::vector<Encoding> encodings;               // one a text

    EncodingBatch() = default;

    /// Errors  TokenizerError where the encodings differ in length.
    explicit EncodingBatch(std::vector<Encoding> all) : encodings{std::move(all)} {
        const std::size_t rows = encodings.size();
        const std::size_t columns = rows == 0 ? 0 : encodings[0].size();
        for (auto* tensor : {&ids, &attention_mask, &token_type_ids})
            tensor->resize({rows, columns});
        for (std::size_t row = 0; row < rows; ++row) {
            const Encoding& encoding = encodings[row];
            if (encoding.size() != columns)
                throw TokenizerError{"", "",
                                     "text 0 of the batch has " + std::to_string(columns) +
                                         " tokens and text " + std::to_string(row) + " has " +
                                         std::to_string(encoding.size()) +
                                         "; ask for padding to put them into one tensor"};
            for (std::size_t i = 0; i < columns; ++i) {
                ids(row, i) = encoding.ids[i];
                attention_mask(row, i) = encoding.attention_mask[i];
                token_type_ids(row, i) = encoding.type_ids[i];
            }
        }
    }
};

}  // namespace xzoo

// What the tests of load plans share: schemas without a model type, and files in memory.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io_support.hpp"
#include "xzoo/io/load.hpp"
#include "xzoo/io/load_plan.hpp"

namespace xzoo::test {

using io::Checkpoint;
using io::LoadOptions;
using io::LoadPlan;
using io::ModelSchema;

/// A schema that owns its table.
struct Schema {
    std::vector<std::string> names;
    std::vector<ParamInfo> params;
    std::vector<Tie> ties;
    std::vector<std::string_view> ignored{"position_ids"};
    ModelSchema schema;

    Schema(std::string_view class_name, std::vector<std::pair<std::string, Shape>> rows,
           std::vector<Tie> tied = {}, bool is_base = false)
        : ties{std::move(tied)} {
        for (const auto& row : rows)
            names.push_back(row.first);
        for (std::size_t i = 0; i < rows.size(); ++i)
            params.push_back({names[i], rows[i].second,
                              rows[i].second.rank == 2 ? ParamKind::matrix : ParamKind::plain});
        schema = {class_name, "bert", is_base, params, ties, ignored};
    }
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;
};

inline const std::vector<Tie> language_model_ties{
    {"cls.predictions.decoder.weight", "bert.embeddings.word_embeddings.weight"},
    {"cls.predictions.decoder.bias", "cls.predictions.bias"}};

/// The bytes of a safetensors file with these tensors.
inline std::string file_of(const std::vector<xzoo::io::NamedTensor>& tensors) {
    const xzoo::test::TempFolder folder;
    xzoo::io::write_safetensors(folder / "x.safetensors", tensors, {{"format", "pt"}});
    return xzoo::test::read_file(folder / "x.safetensors");
}
inline std::string file_of(const std::vector<CountingTensor>& tensors) {
    return file_of(named(tensors));
}

inline LoadPlan plan(const Schema& schema, const Checkpoint& file,
                     const LoadOptions& options = {}) {
    return xzoo::io::plan_load(schema.schema, file, options);
}

inline std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
}

inline const LoadOptions lenient{.strict = false};

}  // namespace xzoo::test

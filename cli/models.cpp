#include "cli/models.hpp"

#include <array>
#include <string>

#include "xzoo/core/error.hpp"

namespace xzoo::cli {

std::vector<ModelKind> all_kinds() {
    std::vector<ModelKind> all;
    constexpr std::array families{&albert_kinds, &bert_kinds,    &distilbert_kinds, &electra_kinds,
                                  &mpnet_kinds,  &roberta_kinds, &xlm_roberta_kinds};
    for (const auto family : families) {
        const std::vector<ModelKind> kinds = family();
        all.insert(all.end(), kinds.begin(), kinds.end());
    }
    return all;
}

ModelKind choose_kind(Task task, Precision precision, const boost::json::object& config,
                      const std::string& where) {
    std::vector<ModelKind> kinds;
    std::vector<ModelDescription> descriptions;
    for (const ModelKind& kind : all_kinds())
        if (kind.task == task && kind.precision == precision) {
            kinds.push_back(kind);
            descriptions.push_back(kind.description);
        }
    return kinds[choose_model(descriptions, config, where)];
}

}  // namespace xzoo::cli

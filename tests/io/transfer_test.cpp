// Heads and bare models load each other's checkpoints with the oracle's missing and unexpected
// keys.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plan_support.hpp"

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace xzoo;
using namespace xzoo::test;

namespace {

std::vector<std::string> strings(const json::value& list) {
    std::vector<std::string> result;
    for (const json::value& item : list.as_array())
        result.emplace_back(item.as_string());
    return result;
}

/// Tensors and schemas of the five classes, from headers.json: name -> shape for each class.
struct Transfer {
    std::map<std::string, std::vector<CountingTensor>> tensors;
    std::map<std::string, Schema> schemas;

    explicit Transfer(const fs::path& folder) {
        const json::value headers = json::parse(xzoo::test::read_file(folder / "headers.json"));
        for (const auto& [name, header] : headers.as_object()) {
            std::vector<std::pair<std::string, Shape>> rows;
            for (const auto& [key, dims] : header.as_object()) {
                Shape shape;
                std::vector<std::size_t> sizes;
                for (const json::value& dim : dims.as_array())
                    sizes.push_back(shape.dims[shape.rank++] = dim.to_number<std::size_t>());
                rows.emplace_back(std::string{key}, shape);
                tensors[std::string{name}].emplace_back(std::string{key}, sizes);
            }
            const bool has_lm_head = header.as_object().contains("cls.predictions.bias");
            schemas.try_emplace(std::string{name}, "Bert", rows,
                                has_lm_head ? language_model_ties : std::vector<Tie>{},
                                name == "BertModel");
        }
    }
};

void check_pair(const std::string& pair, const json::value& expected, const Transfer& transfer,
                const Checkpoint& file) {
    INFO(pair);
    const std::string target = pair.substr(pair.find(" -> ") + 4);
    const LoadReport report = plan(transfer.schemas.at(target), file, lenient).report;
    CHECK(sorted(report.missing) == sorted(strings(expected.at("missing_keys"))));
    CHECK(sorted(report.unexpected) == sorted(strings(expected.at("unexpected_keys"))));
    CHECK(report.mismatched.empty());
    CHECK(expected.at("mismatched_keys").as_array().empty());
}

}  // namespace

TEST_CASE("each class loads each other's checkpoint as transformers does", "[io][transfer]") {
    const fs::path folder = xzoo::test::data_dir() / "transfer";
    const Transfer transfer{folder};
    const json::value golden = json::parse(xzoo::test::read_file(folder / "golden.json"));
    CHECK(golden.as_object().size() == 25);
    for (const auto& [pair, expected] : golden.as_object()) {
        const std::string name{pair};
        const std::string bytes =
            file_of(named(transfer.tensors.at(name.substr(0, name.find(" -> ")))));
        check_pair(name, expected, transfer, Checkpoint::from_span(as_bytes(bytes), name));
    }
}

TEST_CASE("each class loads each other's files of the shared data", "[io][transfer]") {
    if (!xzoo::test::has_shared("golden_api/transfer"))
        return;
    const fs::path folder = xzoo::test::shared_dir() / "golden_api" / "transfer";
    const Transfer transfer{xzoo::test::data_dir() / "transfer"};
    const json::value golden = json::parse(xzoo::test::read_file(folder / "golden.json"));
    for (const auto& [pair, expected] : golden.as_object()) {
        const std::string name{pair};
        const Checkpoint file = Checkpoint::open(folder / name.substr(0, name.find(" -> ")));
        check_pair(name, expected, transfer, file);
    }
}

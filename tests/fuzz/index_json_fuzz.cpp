// The reader of shard indices on any text: it throws a WeightsError or returns names that stay
// inside the folder.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "xzoo/io/shard_index.hpp"

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

/// What the file name would mean to a system that joins it to a folder.
bool stays_inside(const std::string& name) {
    const std::filesystem::path path = std::filesystem::path{"/root"} / name;
    const std::string normal = path.lexically_normal().string();
    return normal.starts_with("/root/") && name.find('\\') == std::string::npos &&
           name.find('\0') == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    try {
        const xzoo::io::ShardIndex index = xzoo::io::parse_shard_index(text, "fuzz");
        require(!index.weight_map.empty() && !index.shards.empty());
        for (const std::string& shard : index.shards)
            require(stays_inside(shard));
        for (const auto& row : index.weight_map) {
            require(row.shard < index.shards.size());
            require(index.find(row.tensor) == &row);
        }
        require(std::is_sorted(index.shards.begin(), index.shards.end()));
    } catch (const xzoo::WeightsError&) {
    }
    return 0;
}

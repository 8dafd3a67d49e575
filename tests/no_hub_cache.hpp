// Tests must find the same whatever the cache of Hugging Face's tools on this machine holds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>

namespace xzoo::test {

/// While it lives, this process and those that it starts have no such cache.
class NoHubCache {
public:
    NoHubCache() {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (const char* value = std::getenv(names[i]))
                before_[i] = value;
            ::unsetenv(names[i]);
        }
        ::setenv("HF_HUB_CACHE", "/nonexistent/xzoo-test", 1);
    }
    ~NoHubCache() {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (before_[i])
                ::setenv(names[i], before_[i]->c_str(), 1);
            else
                ::unsetenv(names[i]);
    }
    NoHubCache(const NoHubCache&) = delete;
    NoHubCache& operator=(const NoHubCache&) = delete;

private:
    static constexpr std::array<const char*, 5> names{
        "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "TRANSFORMERS_CACHE", "HF_ENDPOINT"};
    std::array<std::optional<std::string>, names.size()> before_{};
};

}  // namespace xzoo::test

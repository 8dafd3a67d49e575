// Where the tools of Hugging Face keep what they downloaded: the same variables, the same defaults.
// Source  huggingface_hub/constants.py, file_download.py
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace xzoo::hub {

namespace detail {

/// The value of a variable; empty where it is not set.
inline std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

inline std::filesystem::path home_folder() {
    const std::string home = variable("HOME");
    return home.empty() ? "." : home;
}

/// Resolves $NAME and ${NAME} (unknown ones stay as they are) and a leading ~.
inline std::filesystem::path expand(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool braces = text.substr(i, 2) == "${";
        const std::size_t begin = i + (braces ? 2 : 1);
        std::size_t end = begin;
        while (text[i] == '$' && end < text.size() &&
               (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
            ++end;
        const bool closed = !braces || (end < text.size() && text[end] == '}');
        const std::string name{text.substr(begin, end - begin)};
        if (text[i] != '$' || name.empty() || !closed || std::getenv(name.c_str()) == nullptr) {
            result += text[i];
            continue;
        }
        result += variable(name.c_str());
        i = braces ? end : end - 1;
    }
    if (result == "~" || result.starts_with("~/"))
        return home_folder() /
               std::string_view{result}.substr(std::min<std::size_t>(2, result.size()));
    return result;
}

/// $XDG_CACHE_HOME or ~/.cache.
inline std::filesystem::path user_cache() {
    const std::string cache = variable("XDG_CACHE_HOME");
    return cache.empty() ? home_folder() / ".cache" : expand(cache);
}

}  // namespace detail

/// Folders and addresses that the environment says.
struct Environment {
    std::vector<std::filesystem::path> caches;  // of repositories, in the order to look in
    std::string endpoint;                       // "https://huggingface.co", without a final '/'
    std::filesystem::path own_cache;            // what xzoo itself may write
};

/// Reads the environment: HF_HUB_CACHE, else HUGGINGFACE_HUB_CACHE, else HF_HOME/hub, else
/// $XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub; after it TRANSFORMERS_CACHE, if
/// set; HF_ENDPOINT. ~ and $VARIABLES in them are resolved.
inline Environment read_environment() {
    Environment environment;
    const auto first_set = [](std::initializer_list<const char*> names) {
        for (const char* name : names)
            if (std::string value = detail::variable(name); !value.empty())
                return detail::expand(value);
        return std::filesystem::path{};
    };
    std::filesystem::path cache = first_set({"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"});
    if (cache.empty()) {
        const std::filesystem::path home = first_set({"HF_HOME"});
        cache = (home.empty() ? detail::user_cache() / "huggingface" : home) / "hub";
    }
    environment.caches.push_back(cache);
    const std::filesystem::path older = first_set({"TRANSFORMERS_CACHE"});
    if (!older.empty() && older != cache)
        environment.caches.push_back(older);
    environment.endpoint = detail::variable("HF_ENDPOINT");
    if (environment.endpoint.empty())
        environment.endpoint = "https://huggingface.co";
    while (environment.endpoint.ends_with('/'))
        environment.endpoint.pop_back();
    environment.own_cache = detail::user_cache() / "xzoo";
    return environment;
}

}  // namespace xzoo::hub

// The one place where tests meet Catch2 (version 2 or 3) and the helpers they share.
#pragma once

#if __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>
#endif

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace xzoo::test {

/// Requires |found - expected| <= atol + rtol * |expected| for every element.
/// Names the first element that is too far off and the largest error of all.
inline void require_close(std::span<const float> found, std::span<const float> expected,
                          double atol, double rtol = 0.0) {
    REQUIRE(found.size() == expected.size());
    double worst = 0.0;
    std::size_t where = 0;
    std::size_t outside = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const double error = std::abs(double{found[i]} - double{expected[i]});
        const bool close = error <= atol + rtol * std::abs(double{expected[i]});
        outside += close ? 0U : 1U;
        if (!(error <= worst)) {  // also true for NaN
            worst = error;
            where = i;
        }
    }
    INFO("largest error " << worst << " at element " << where << " of " << found.size());
    if (!found.empty()) {
        INFO("there: found " << found[where] << ", expected " << expected[where]);
        REQUIRE(outside == 0);
    }
}

/// Folder with the project's shared reference data, from the environment (XZOO_SHARED_DIR) or the
/// build (XZOO_SHARED_DIR macro). Empty where there is none.
inline std::filesystem::path shared_dir() {
    if (const char* from_environment = std::getenv("XZOO_SHARED_DIR"))
        return from_environment;
#ifdef XZOO_SHARED_DIR
    if (std::filesystem::exists(XZOO_SHARED_DIR))
        return XZOO_SHARED_DIR;
#endif
    return {};
}

/// Whether tests may use `name` of the shared data; says so where they may not, which is a failure
/// if the environment has XZOO_REQUIRE_SHARED=1.
inline bool has_shared(const char* name) {
    const std::filesystem::path folder = shared_dir();
    if (!folder.empty() && std::filesystem::exists(folder / name))
        return true;
    const char* required = std::getenv("XZOO_REQUIRE_SHARED");
    if (required != nullptr && std::string_view{required} == "1")
        FAIL("the shared data are required, but there is no '" << name << "' among them");
    WARN("skipped: there is no '" << name << "' among the shared data");
    return false;
}

/// Folder with the data that the tests ship (tests/data).
inline std::filesystem::path data_dir() {
    return XZOO_TEST_DATA_DIR;
}

/// Folder of a model that the project ships.
inline std::filesystem::path shipped(const char* name) {
    return data_dir() / "../../weights_manifest/embedded" / name;
}

}  // namespace xzoo::test

#include "xzoo/core/workspace.hpp"

#include <algorithm>
#include <limits>
#include <new>

#include "support.hpp"

using namespace xzoo;

TEST_CASE("a workspace that finds no memory can be used again", "[core]") {
    Workspace workspace;
    workspace.reserve(64);
    workspace.take(64);
    workspace.take(1000);  // in a second block
    CHECK_THROWS_AS(workspace.reserve(std::numeric_limits<std::size_t>::max() / 2), std::bad_alloc);
    float* memory = workspace.take(32);
    std::fill_n(memory, 32, 1.0F);
    CHECK(workspace.capacity() >= 32);
    workspace.reset();
    CHECK(workspace.take(32) == memory);
}

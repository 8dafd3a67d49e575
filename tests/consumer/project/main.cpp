// One of two translation units that include every header of xzoo: where a function in a header is
// not inline, they do not link.
#include "everything.hpp"

#include <cstdio>

#ifdef XZOO_ONE_UNIT
static int second() { return 0; }
#else
int second();
#endif

int main() {
    constexpr xzoo::Shape shape{2, 3};
    static_assert(shape.elements() == 6);
    std::printf("%s\n", xzoo::to_string(shape).c_str());
    return second();
}

// One of two translation units that include every header of xzoo: where a function in a header is
// not inline, they do not link.
#include <cstdio>

#include "everything.hpp"

#ifdef XZOO_ONE_UNIT
static float second() {
    return 0.0F;
}
#else
float second();
#endif

int main() {
    constexpr std::size_t parameters = xzoo::Bert<xzoo::bert_base>::num_parameters();
    static_assert(parameters == 109'482'240);
    std::printf("%zu parameters, %g\n", parameters, static_cast<double>(second()));
}

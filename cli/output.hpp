// Standard output, behind which there may be a full disk or a reader that has gone.
#pragma once

#include <iostream>

#include "xzoo/core/error.hpp"

namespace xzoo::cli {

/// For loops that print: to compute more is of no use once what was printed does not arrive.
/// Errors  FileError.
inline void check_output() {
    if (!std::cout)
        throw FileError{"standard output", "cannot be written"};
}

}  // namespace xzoo::cli

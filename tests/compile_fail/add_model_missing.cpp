// xzoo_add_model: weights of the user's own that lack a tensor.
#ifdef XZOO_MISTAKE
#include "tiny_missing.hpp"
#else
#include "tiny.hpp"
#endif

// expect: weights manifest: the entry has not got this tensor, which the model needs
// with: bert.pooler.dense.bias | ModelShape<8>

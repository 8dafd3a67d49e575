// xzoo manifest add
#include "cli/commands.hpp"
namespace xzoo::cli {
int run(const ManifestAddOptions&) { return exit_failed; }
}  // namespace xzoo::cli

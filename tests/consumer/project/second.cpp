#include "everything.hpp"

int second();

int second() {
    const xzoo::Workspace workspace{1};
    return workspace.capacity() == 0 ? 0 : 1;
}

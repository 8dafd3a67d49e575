#include "xzoo/core/params.hpp"

#include <array>
#include <string>
#include <vector>

#include "support.hpp"

using namespace xzoo;

namespace {

struct Leaf {
    BOOST_HANA_DEFINE_STRUCT(Leaf, (Param<2, 3>, a), (BasicParam<ParamKind::matrix, 5, 7>, weight));
};
struct Block {
    using Leaves = std::array<Leaf, 101>;
    BOOST_HANA_DEFINE_STRUCT(Block, (Leaves, leaves), (Param<11>, norm));
};
struct Tree {
    using Blocks = std::array<Block, 12>;
    BOOST_HANA_DEFINE_STRUCT(Tree, (Param<13>, first), (Blocks, h), (Param<17>, last));
};

void add_leaves(std::vector<std::string>& names, const std::string& path, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        for (const char* member : {".a", ".weight"})
            names.push_back(path + std::to_string(i) + member);
}

template <class Model>
void check_names(const std::vector<std::string>& names) {
    REQUIRE(params<Model>.size() == names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const ParamInfo& param = params<Model>[i];
        REQUIRE(param.name == names[i]);
        const bool is_matrix = param.name.ends_with("weight");
        REQUIRE(param.kind == (is_matrix ? ParamKind::matrix : ParamKind::plain));
        if (is_matrix)
            REQUIRE(param.shape == Shape{5, 7});
        else if (param.name.ends_with(".a"))
            REQUIRE(param.shape == Shape{2, 3});
        else
            REQUIRE(param.shape.rank == 1);
    }
}

}  // namespace

TEST_CASE("every block of a stack has its own number in the names of parameters", "[core]") {
    std::vector<std::string> names{"first"};
    for (std::size_t i = 0; i < 12; ++i) {
        const std::string block = "h." + std::to_string(i) + '.';
        add_leaves(names, block + "leaves.", 101);
        names.push_back(block + "norm");
    }
    names.emplace_back("last");
    check_names<Tree>(names);

    names.clear();
    add_leaves(names, "", 11);
    check_names<std::array<Leaf, 11>>(names);

    names.clear();
    add_leaves(names, "", 1);
    check_names<std::array<Leaf, 1>>(names);
}

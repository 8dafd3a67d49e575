// The parameters of a model: what they are called, how many there are. The names come from the
// members of the model's type (Boost.Hana), so they exist once and are known to the compiler; this
// is the only header that includes Hana.
#pragma once

#include <array>
#include <boost/hana/accessors.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/string.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "xzoo/core/param.hpp"
#include "xzoo/core/param_visitors.hpp"
#include "xzoo/core/precisions.hpp"

namespace xzoo {

/// How the parameters of a model type are kept: the template argument behind its config, float32
/// for types that have none.
template <class Model>
inline constexpr Precisions precisions_of{};
template <template <auto, Precisions> class Model, auto C, Precisions P>
inline constexpr Precisions precisions_of<Model<C, P>> = P;
template <template <auto, Precisions, bool> class Model, auto C, Precisions P, bool Pooler>
inline constexpr Precisions precisions_of<Model<C, P, Pooler>> = P;

namespace detail {

template <class Model, Precisions P>
struct WithPrecisions;
template <template <auto, Precisions> class Model, auto C, Precisions Old, Precisions P>
struct WithPrecisions<Model<C, Old>, P> {
    using type = Model<C, P>;
};
template <template <auto, Precisions, bool> class Model, auto C, Precisions Old, bool Pooler,
          Precisions P>
struct WithPrecisions<Model<C, Old, Pooler>, P> {
    using type = Model<C, P, Pooler>;
};

}  // namespace detail

/// The same model with its parameters kept otherwise.
template <class Model, Precisions P>
using WithPrecisions = typename detail::WithPrecisions<Model, P>::type;

namespace detail {

template <class T>
inline constexpr bool is_param = false;
template <ParamKind Kind, std::size_t... Dims>
inline constexpr bool is_param<BasicParam<Kind, Dims...>> = true;

template <class T>
inline constexpr bool is_stack = false;
template <class Block, std::size_t Size>
inline constexpr bool is_stack<std::array<Block, Size>> = true;

template <class T>
inline constexpr bool is_mixed_stack = false;
template <class First, class Second, std::size_t Size, auto IsFirst>
inline constexpr bool is_mixed_stack<MixedStack<First, Second, Size, IsFirst>> = true;

template <class Node, class Accessor>
using MemberType = std::remove_cvref_t<decltype(boost::hana::second(std::declval<Accessor>())(
    std::declval<Node&>()))>;

/// Calls visit.template operator()<Param>(name) for every parameter below Node, in declaration
/// order. Works on types alone, so it can run at compile time.
template <class Node, class Visit>
constexpr void walk_types(ParamPath& path, Visit& visit) {
    const std::size_t length = path.length;
    if constexpr (is_param<Node>) {
        visit.template operator()<Node>(path.view());
    } else if constexpr (is_stack<Node>) {  // equal blocks: one type, a loop over the numbers
        for (std::size_t i = 0; i < std::tuple_size_v<Node>; ++i) {
            const Visit before = visit;
            path.append(i);
            walk_types<typename Node::value_type>(path, visit);
            path.length = length;
            const std::size_t place = length == 0 ? 0 : length + 1;  // of the number in names
            i += visit.repeat(before, i, std::tuple_size_v<Node>, place);
        }
    } else if constexpr (is_mixed_stack<Node>) {
        for (std::size_t i = 0; i < Node::size; ++i) {
            path.append(i);
            if (Node::is_first(i))
                walk_types<typename decltype(Node::first)::value_type>(path, visit);
            else
                walk_types<typename decltype(Node::second)::value_type>(path, visit);
            path.length = length;
        }
    } else if constexpr (!std::is_same_v<Node, Absent>) {
        boost::hana::for_each(boost::hana::accessors<Node>(), [&](auto member) {
            path.append(boost::hana::to<const char*>(boost::hana::first(member)));
            walk_types<MemberType<Node, decltype(member)>>(path, visit);
            path.length = length;
        });
    }
}

/// Calls visit(param) for every parameter of an object, in the order of walk_types.
template <class Node, class Visit>
constexpr void walk_objects(Node& node, Visit& visit) {
    using Type = std::remove_const_t<Node>;
    if constexpr (is_param<Type>) {
        visit(node);
    } else if constexpr (is_stack<Type>) {
        for (auto& block : node)
            walk_objects(block, visit);
    } else if constexpr (is_mixed_stack<Type>) {
        for (std::size_t i = 0; i < Type::size; ++i) {
            if (Type::is_first(i))
                walk_objects(node.first[Type::place(i)], visit);
            else
                walk_objects(node.second[Type::place(i)], visit);
        }
    } else if constexpr (!std::is_same_v<Type, Absent>) {
        boost::hana::for_each(boost::hana::accessors<Type>(), [&](auto member) {
            walk_objects(boost::hana::second(member)(node), visit);
        });
    }
}

template <class Model>
consteval TableVisitor table_size() {
    TableVisitor count;
    ParamPath path;
    walk_types<Model>(path, count);
    return count;
}

/// Static storage for the names and shapes of a model's parameters.
template <class Model>
struct ParamTable {
    static constexpr TableVisitor size = table_size<Model>();

    struct Rows {
        std::array<char, size.characters + 1> text{};
        std::array<std::size_t, size.params> end{};
        std::array<Shape, size.params> shapes{};
        std::array<ParamKind, size.params> kinds{};
    };

    static constexpr Rows make_rows() {
        Rows made;
        TableVisitor fill{made.text.data(), made.end.data(), made.shapes.data(), made.kinds.data()};
        ParamPath path;
        walk_types<Model>(path, fill);
        return made;
    }

    static constexpr Rows rows = make_rows();
    static constexpr auto text = rows.text;  // the part of it that programs contain

    static constexpr std::array<ParamInfo, size.params> make_infos(const Precisions& precisions) {
        std::array<ParamInfo, size.params> infos;
        std::size_t begin = 0;
        for (std::size_t i = 0; i < size.params; ++i) {
            const std::size_t end = rows.end[i];
            const std::string_view name{text.data() + begin, end - begin};
            const ParamKind kind = rows.kinds[i];
            infos[i] = {name, rows.shapes[i], kind, precisions.of(name, kind)};
            begin = end;
        }
        return infos;
    }
};

/// The table of a model, which is that of the same model in float32: making it takes compilers
/// longer than anything else, so every precision shares one.
template <class Model>
struct TableOf {
    using type = ParamTable<Model>;
};
template <class Model>
requires requires {
    typename WithPrecisions<Model, f32>::type;
}
struct TableOf<Model> {
    using type = ParamTable<typename WithPrecisions<Model, f32>::type>;
};

}  // namespace detail

/// Names, shapes and kinds of a model's parameters, in the order in which they are declared.
/// Tied parameters are listed once. A constant expression.
template <class Model>
inline constexpr std::array<ParamInfo, detail::TableOf<Model>::type::size.params> params =
    detail::TableOf<Model>::type::make_infos(precisions_of<Model>);

namespace detail {

template <class Table, bool ExcludeEmbeddings>
inline constexpr std::size_t table_elements = [] {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < Table::size.params; ++i) {
        const ParamKind kind = Table::rows.kinds[i];
        if (!ExcludeEmbeddings || (kind != ParamKind::embedding && kind != ParamKind::vocabulary))
            sum += Table::rows.shapes[i].elements();
    }
    return sum;
}();

}  // namespace detail

/// How many numbers the model's parameters hold; tied ones count once.
/// exclude_embeddings leaves out the embedding tables (positions and token types, too), as
/// PreTrainedModel.num_parameters of Hugging Face does.
template <class Model>
consteval std::size_t param_count(bool exclude_embeddings = false) {
    using Table = typename detail::TableOf<Model>::type;
    return exclude_embeddings ? detail::table_elements<Table, true>
                              : detail::table_elements<Table, false>;
}

/// Bytes of the model's parameters, each in its precision.
template <class Model>
consteval std::size_t param_bytes() {
    std::size_t sum = 0;
    for (const ParamInfo& param : params<Model>)
        sum += param.bytes();
    return sum;
}

/// True where the model's parameters fit into a budget of bytes:
/// static_assert(fits<Model>(64_MiB)).
template <class Model>
consteval bool fits(std::size_t budget_bytes) {
    return param_bytes<Model>() <= budget_bytes;
}

inline namespace literals {
consteval std::size_t operator""_KiB(unsigned long long n) {
    return n << 10U;
}
consteval std::size_t operator""_MiB(unsigned long long n) {
    return n << 20U;
}
consteval std::size_t operator""_GiB(unsigned long long n) {
    return n << 30U;
}
}  // namespace literals

/// Points the parameters of a model to their values: a pointer and, but for plain ones, a format
/// for each of params<Model>.
template <class Model>
void point_params(Model& model, std::span<const void* const> values,
                  std::span<const simd::MatrixFormat* const> formats) noexcept {
    detail::PointVisitor point{values.data(), formats.data()};
    detail::walk_objects(model, point);
}

}  // namespace xzoo

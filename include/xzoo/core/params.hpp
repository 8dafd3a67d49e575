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

/// The dotted name of the member being visited, in memory that constant evaluation can use.
struct ParamPath {
    static constexpr std::size_t capacity = 256;
    std::array<char, capacity> text{};
    std::size_t length = 0;

    constexpr void append(std::string_view part) {
        if (length > 0)
            text[length++] = '.';
        for (const char c : part)
            text[length++] = c;
    }
    constexpr void append(std::size_t number) {
        std::array<char, 20> digits{};
        std::size_t n = 0;
        do {
            digits[n++] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number > 0);
        if (length > 0)
            text[length++] = '.';
        while (n > 0)
            text[length++] = digits[--n];
    }
    constexpr std::string_view view() const { return {text.data(), length}; }
};

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
            path.append(i);
            walk_types<typename Node::value_type>(path, visit);
            path.length = length;
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

/// Writes the table of a model's parameters or, without memory for it, counts. One type for both
/// and for all models, since every type that walks over a model's types has to be compiled.
struct TableVisitor {
    Precisions precisions{};
    char* text = nullptr;
    std::size_t* end = nullptr;  // of the names in text
    Shape* shapes = nullptr;
    ParamKind* kinds = nullptr;
    Precision* kept = nullptr;
    std::size_t params = 0;      // seen so far
    std::size_t characters = 0;  // likewise

    template <class P>
    constexpr void operator()(std::string_view name) {
        if (text != nullptr) {
            for (std::size_t i = 0; i < name.size(); ++i)
                text[characters + i] = name[i];
            end[params] = characters + name.size();
            shapes[params] = P::shape;
            kinds[params] = P::kind;
            kept[params] = precisions.of(name, P::kind);
        }
        ++params;
        characters += name.size();
    }
};

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
        std::array<Precision, size.params> precisions{};
    };

    static constexpr Rows make_rows() {
        Rows made;
        TableVisitor fill{precisions_of<Model>, made.text.data(),  made.end.data(),
                          made.shapes.data(),   made.kinds.data(), made.precisions.data()};
        ParamPath path;
        walk_types<Model>(path, fill);
        return made;
    }

    static constexpr Rows rows = make_rows();

    static constexpr std::array<ParamInfo, size.params> make_infos() {
        std::array<ParamInfo, size.params> infos;
        for (std::size_t i = 0; i < size.params; ++i) {
            const std::size_t begin = i == 0 ? 0 : rows.end[i - 1];
            infos[i] = {{rows.text.data() + begin, rows.end[i] - begin},
                        rows.shapes[i],
                        rows.kinds[i],
                        rows.precisions[i]};
        }
        return infos;
    }
};

}  // namespace detail

/// Names, shapes and kinds of a model's parameters, in the order in which they are declared.
/// Tied parameters are listed once. A constant expression.
template <class Model>
inline constexpr std::array<ParamInfo, detail::ParamTable<Model>::size.params> params =
    detail::ParamTable<Model>::make_infos();

/// How many numbers the model's parameters hold; tied ones count once.
/// exclude_embeddings leaves out the embedding tables (positions and token types, too), as
/// PreTrainedModel.num_parameters of Hugging Face does.
template <class Model>
consteval std::size_t param_count(bool exclude_embeddings = false) {
    std::size_t sum = 0;
    for (const ParamInfo& param : params<Model>)
        if (!exclude_embeddings ||
            (param.kind != ParamKind::embedding && param.kind != ParamKind::vocabulary))
            sum += param.shape.elements();
    return sum;
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
    std::size_t i = 0;
    auto point = [&]<class P>(P& param) {
        param.data = static_cast<decltype(param.data)>(values[i]);
        if constexpr (P::kind != ParamKind::plain)
            param.format = formats[i];
        ++i;
    };
    detail::walk_objects(model, point);
}

}  // namespace xzoo

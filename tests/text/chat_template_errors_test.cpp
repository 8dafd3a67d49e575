// What chat templates refuse: constructs outside of the subset, faults while they run, and more
// work than is allowed.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <xzoo/text/chat_template.hpp>

#include "support.hpp"

namespace {

using xzoo::ChatOptions;
using xzoo::ChatRefusedError;
using xzoo::ChatTemplate;
using xzoo::ChatTemplateError;
using xzoo::Message;

/// The message of the error that a template ends in; "no error: TEXT" where it renders.
std::string error_of(std::string_view source, const ChatOptions& options = {}) {
    try {
        return "no error: " + ChatTemplate::parse(source, "t").render({}, options);
    } catch (const ChatTemplateError& error) {
        return error.what();
    }
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

struct Case {
    const char* source;
    const char* message;
};

void check_all(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        INFO(one.source);
        CHECK(error_of(one.source) == one.message);
    }
}

}  // namespace

TEST_CASE("a construct outside of the subset is an error that names it and its place",
          "[text][chat]") {
    check_all({
        {"a\n {% include 'x' %}", "t:2:5: the statement 'include' is not supported"},
        {"{% extends 'x' %}", "t:1:4: the statement 'extends' is not supported"},
        {"{% call f() %}{% endcall %}", "t:1:4: the statement 'call' is not supported"},
        {"{{ x|groupby('a') }}", "t:1:6: the filter 'groupby' is not supported"},
        {"{{ x|a.b }}", "t:1:6: the filter 'a.b' is not supported"},
        {"{{ [1]|map('pprint') }}", "t:1:8: the filter 'pprint' is not supported"},
        {"{{ [1]|select('upper') }}", "t:1:8: the test 'upper' is not supported"},
        {"{{ x is sameas y }}", "t:1:9: the test 'sameas' is not supported"},
        {"{{ f(*x) }}", "t:1:6: the argument '*...' is not supported"},
        {"{{ f(**x) }}", "t:1:6: the argument '**...' is not supported"},
        {"{{ cycler }}", "t:1:4: 'cycler' is not supported"},
        {"{{ 'a'.zfill(3) }}", "t:1:8: the method 'zfill' of a str is not supported"},
        {"{{ [].append(3) }}", "t:1:7: the method 'append' of a list is not supported"},
        {"{{ {}.update({}) }}", "t:1:7: the method 'update' of a dict is not supported"},
        {"{{ '%s' % 1 }}", "t:1:9: '%' of a string (printf formatting) is not supported"},
        {"{% for x in [1] %}{{ loop.cycle }}{% endfor %}", "t:1:27: 'loop.cycle' is not supported"},
        {"{% for x in [1] recursive %}{% endfor %}", "t:1:17: a 'recursive' loop is not supported"},
        {"{% for x in [1] %}{% macro f() %}{% endmacro %}{% endfor %}",
         "t:1:22: a 'macro' inside of another block is not supported"},
        {"{{ strftime_now('%9999d') }}",
         "t:1:4: strftime_now does not support the format '%9999d'"},
        {"{{ a b }}", "t:1:6: '}}' is expected, found 'b'"},
        {"{{ $ }}", "t:1:4: the character '$' is not supported"},
        {"{{ '\\N{BULLET}' }}", "t:1:4: the escape '\\N' in a string is not supported"},
        {"{{ '\\ud800' }}", "t:1:4: the escape '\\ud800' in a string is not supported"},
        {"{{ 99999999999999999999 }}",
         "t:1:4: the whole number '99999999999999999999' is beyond 64 bits"},
        {"{{ 012 }}", "t:1:4: the whole number '012' begins with 0"},
    });
}

TEST_CASE("a broken template is an error at the place of the fault", "[text][chat]") {
    check_all({
        {"{% if x %}", "t:1:11: the block misses its 'endif'"},
        {"{% for x in y %}\n{% else %}", "t:2:11: the block misses its 'endfor'"},
        {"x{{ a", "t:1:2: the tag has no end"},
        {"{# a", "t:1:1: the comment has no end"},
        {"{% raw %} {% endra %}", "t:1:1: the block 'raw' has no end"},
        {"{{ 'a }}", "t:1:4: the string has no end"},
        {"{{ (1] }}", "t:1:6: the bracket ']' closes nothing"},
        {"{{ }}", "t:1:4: an expression is expected, found '}}'"},
        {"{{ 1 + }}", "t:1:8: an expression is expected, found '}}'"},
        {"{% endif %}", "t:1:4: the statement 'endif' is not supported"},
        {"{% set 1 = 2 %}", "t:1:8: a variable is expected, found '1'"},
        {"{% set none = 2 %}", "t:1:8: 'none' is no variable"},
        {"{% break %}", "t:1:4: 'break' stands outside of a loop"},
        {"{% for x in y %}{% set z %}{% continue %}{% endset %}{% endfor %}",
         "t:1:31: 'continue' stands outside of a loop"},
        {"{% macro f(a=1, b) %}{% endmacro %}", "t:1:17: the parameter 'b' misses its default"},
        {"{% macro f(a, a) %}{% endmacro %}", "t:1:15: the parameter 'a' is there twice"},
        {"{{ f(a=1, a=2) }}", "t:1:11: the argument 'a' is passed twice"},
        {"{{ f(a=1, 2) }}",
         "t:1:11: an argument without a name follows one with a name, found '2'"},
        {"{{ x is defined is none }}", "t:1:17: tests cannot follow each other, found 'is'"},
        {"\xFF", "t:1:1: the template is not UTF-8"},
    });
}

TEST_CASE("a fault of a running template names what is wrong", "[text][chat]") {
    check_all({
        {"{{ a.b }}", "t:1:6: 'a' is undefined"},
        {"{{ messages[0]['role'] }}", "t:1:15: an undefined value is used"},
        {"{{ {}['k'] + 'x' }}", "t:1:12: 'k' is undefined"},
        {"{{ 'a' + 1 }}", "t:1:8: '+' does not accept a str and a int"},
        {"{{ 1 // 0 }}", "t:1:6: a division by zero"},
        {"{{ 2 ** 63 }}", "t:1:6: a whole number beyond 64 bits"},
        {"{{ -9223372036854775807 - 2 }}", "t:1:25: a whole number beyond 64 bits"},
        {"{{ 1 < 'a' }}", "t:1:6: a int and a str have no order"},
        {"{{ 1 in 'a' }}", "t:1:6: 'in' of a string wants a string, not int"},
        {"{% for x in 3 %}{% endfor %}", "t:1:4: a int cannot be iterated"},
        {"{% for a, b in [[1]] %}{% endfor %}", "t:1:8: 1 values are unpacked into 2 variables"},
        {"{% set x = {} %}{% set x.y = 1 %}",
         "t:1:24: 'x' is not a namespace, so its attributes cannot be set"},
        {"{{ f() }}", "t:1:4: 'f' is undefined"},
        {"{{ 'a'() }}", "t:1:4: a str is called"},
        {"{{ {[]: 1} }}", "t:1:5: a list is no key of a dict"},
        {"{{ range }}", "t:1:4: a function is printed"},
        {"{{ namespace()|tojson }}", "t:1:16: a Namespace is not a value of JSON"},
        {"{{ x|tojson }}", "t:1:6: 'x' is undefined"},
        {"{{ 'a'|trim('b', 'c') }}", "t:1:8: filter 'trim' takes at most 1 arguments"},
        {"{{ 'a'|default(value=1) }}", "t:1:8: filter 'default' has no argument 'value'"},
        {"{{ 'a'.split('') }}", "t:1:8: split wants a separator that is not empty"},
        {"{{ 'a'.replace('b') }}", "t:1:8: replace misses its argument 'new'"},
        {"{{ [1][::0] }}", "t:1:7: the step of a slice is 0"},
        {"{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}",
         "t:1:34: macro 'f' takes at most 1 arguments"},
        {"{% macro f(a) %}{% endmacro %}{{ f(b=2) }}", "t:1:34: macro 'f' has no argument 'b'"},
        {"{% macro f(a) %}{% endmacro %}{{ f(1, a=2) }}",
         "t:1:34: macro 'f' gets its argument 'a' twice"},
    });
}

TEST_CASE("raise_exception is an error of its own with the template's words", "[text][chat]") {
    const ChatTemplate chat = ChatTemplate::parse(
        "{% if not messages %}\n{{ raise_exception('No ' ~ 'turns') }}{% endif %}ok", "gate");
    CHECK(chat.render({Message{"user", "x"}}) == "ok");
    try {
        static_cast<void>(chat.render({}));
        FAIL("not refused");
    } catch (const ChatRefusedError& error) {
        CHECK(error.message() == "No turns");
        CHECK(error.name() == "gate");
        CHECK(error.line() == 2);
        CHECK(error.column() == 4);
        CHECK(error.what() == std::string{"gate:2:4: No turns"});
    }
}

TEST_CASE("a template cannot take all time or memory", "[text][chat]") {
    const std::string steps = "the template takes more steps than are allowed";
    const std::string bytes = "the template makes more text than is allowed";
    const std::string either = " allowed";
    const auto ends_in = [](std::string_view source, const std::string& end) {
        INFO(source);
        const std::string message = error_of(source);
        CHECK(message.size() > end.size());
        CHECK(std::string_view{message}.ends_with(end));
    };
    const std::string loop = "{% for a in range(100000) %}";
    ends_in(loop + loop + "{% endfor %}{% endfor %}", steps);
    ends_in(loop + loop + "{{ 'x' * 1000 }}{% endfor %}{% endfor %}", bytes);
    ends_in("{{ 'x' * 9223372036854775807 }}", bytes);
    ends_in("{{ ([1] * 9223372036854775807)|length }}", steps);
    ends_in("{{ ''|indent(9223372036854775807, true) }}", bytes);
    ends_in("{{ 'x'|tojson(indent=9223372036854775807) }}", bytes);
    ends_in("{% set n = namespace(s='x') %}" + loop + "{% set n.s = n.s + n.s %}{% endfor %}",
            bytes);
    ends_in("{% set n = namespace(s='xx') %}" + loop +
                "{% set n.s = n.s.replace('', n.s) %}{% endfor %}",
            either);
    // 2^64 elements in 64 lists: each holds the one before twice
    const std::string doubling =
        "{% set n = namespace(s=[]) %}{% for a in range(64) %}"
        "{% set n.s = [n.s, n.s] %}{% endfor %}";
    ends_in(doubling + "{{ n.s }}", either);
    ends_in(doubling + "{{ n.s == [n.s][0] + [] }}", steps);
    ends_in(doubling + "{{ n.s|tojson }}", either);
    ends_in("{{ range(100001) }}", "range has more than 100000 elements");
    ends_in("{{ range(-9223372036854775807, 9223372036854775807) }}",
            "range has more than 100000 elements");
    ends_in("{% set n = namespace(s=[]) %}" + loop + "{% set n.s = [n.s] %}{% endfor %}",
            "values are nested deeper than 100 levels");
    CHECK(error_of("{% set n = namespace() %}" + loop +
                   "{% set n.l = loop %}{% for b in [n.l] %}{% set n.l = loop %}{% endfor %}"
                   "{% endfor %}{{ n.l.length }}") == "no error: 1");
    ends_in("{% set n = namespace(l=[]) %}" + loop +
                "{% for b in [n.l] %}{% set n.l = loop %}{% endfor %}{% endfor %}",
            "values are nested deeper than 100 levels");
    ends_in("{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
            "the template nests deeper than 400 levels");
    CHECK(error_of("{{ 'abc' }}", {.limits = {.steps = 1, .bytes = 100}}) == "t:1:4: " + steps);
    CHECK(error_of("{{ 'abc' }}", {.limits = {.steps = 100, .bytes = 2}}) == "t:1:4: " + bytes);
}

TEST_CASE("a template's source cannot nest without end", "[text][chat]") {
    const std::string end = "the template nests deeper than 200 levels";
    for (const auto& [open, close] :
         std::vector<std::pair<std::string, std::string>>{{"(", ")"},
                                                          {"[", "]"},
                                                          {"{1: ", "}"},
                                                          {"f(", ")"},
                                                          {"x[", "]"},
                                                          {"not ", ""},
                                                          {"-", ""},
                                                          {"1 if 1 else ", ""},
                                                          {"", "|trim"},
                                                          {"", ".a"},
                                                          {"", " + 1"},
                                                          {"", " is none == 1"},
                                                          {"", "[1:]"},
                                                          {"", "()"}}) {
        const std::size_t many = 20'000;
        INFO(open << close);
        const std::string message =
            error_of("{{ " + repeated(open, many) + "1" + repeated(close, many) + " }}");
        const bool chain = close == " is none == 1";  // one comparison of many operands
        CHECK((chain || std::string_view{message}.ends_with(end)));
        const std::string few = repeated(open, 40) + "1" + repeated(close, 40);
        CHECK_FALSE(std::string_view{error_of("{{ " + few + " }}")}.ends_with(end));
    }
    const std::string blocks = repeated("{% if 1 %}", 20'000) + repeated("{% endif %}", 20'000);
    CHECK(std::string_view{error_of(blocks)}.ends_with(end));
    CHECK(error_of(repeated("{% if 1 %}", 100) + "x" + repeated("{% endif %}", 100)) ==
          "no error: x");
    CHECK(error_of("{{ 1" + repeated(" ~ 1", 20'000) + " }}") ==
          "no error: " + repeated("1", 20'001));
}

TEST_CASE("values of the caller cannot nest without end", "[text][chat]") {
    boost::json::value deep = nullptr;
    for (int i = 0; i < 150; ++i)
        deep = boost::json::array{deep};
    CHECK(error_of("x", {.variables = {{"deep", deep}}}) ==
          "t:1:1: values are nested deeper than 100 levels");
    CHECK(error_of("x", {.variables = {{"n", 18446744073709551615U}}}) ==
          "t:1:1: a whole number beyond 64 bits: 18446744073709551615");
}

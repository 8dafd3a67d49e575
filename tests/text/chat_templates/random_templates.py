"""Random templates of the supported subset, valid by syntax but often wrong by type."""

import random

VARIABLES = {
    "s": "Hello, World",
    "t": "  \n\tpadded text\u00a0 \n",
    "u": "stra\u00dfe \u00c9T\u00c9 \u4f60\u597d \U0001f600'\"\\\n",
    "e": "",
    "i": 7,
    "n": -3,
    "z": 0,
    "f": 2.5,
    "g": 1e-05,
    "y": True,
    "x": False,
    "o": None,
    "l": [3, 1, 2, 1],
    "w": ["b", "A", "c", "B"],
    "k": [],
    "d": {"a": 1, "B": "two", "c": None, "items": [1]},
    "q": {},
    "m": [
        {"role": "user", "content": "Hi <b>", "n": 2},
        {"role": "assistant", "content": "Yes & no", "n": 1, "tool_calls": [{"name": "f"}]},
        {"role": "tool", "content": "caf\u00e9\n", "n": 3},
    ],
}
NAMES = list(VARIABLES) + ["missing"]
STRINGS = ["''", "'a'", '"l"', "'o, W'", "' '", "'\\n'", "'role'", "'x' 'y'", "'\\u00e9\\x41\\q'"]
NUMBERS = ["0", "1", "2", "-1", "3", "10", "1.5", "0.1", "1e3", "1_000", "100000000000000000000.0"]
FILTERS = [
    "trim", "trim('l ')", "length", "count", "upper", "lower", "capitalize", "title",
    "replace('l', 'LL')", "replace('o', '', 1)", "replace('', '-')", "join", "join(', ')", "first",
    "last", "default('D')", "d('D', true)", "tojson", "tojson(indent=2)",
    "tojson(ensure_ascii=true)", "tojson(sort_keys=true, separators=(',', ':'))", "string", "int",
    "int(5)", "float", "list", "items|list", "dictsort", "dictsort(reverse=true)",
    "dictsort(by='value')", "unique|list", "reverse|list", "reverse|join", "sort",
    "sort(reverse=true)", "sort(case_sensitive=true)", "sum", "sum(start=1)", "min", "max", "abs",
    "round", "round(1)", "round(1, 'floor')", "round(0, 'ceil')", "indent", "indent(2, true)",
    "indent(first=true, blank=true, width='> ')", "map('upper')|list",
    "map('string')|join('|')", "map(attribute='role')|list", "map(attribute='tool_calls.0.name')|list",
    "map(attribute='tool_calls', default='none')|list", "select|list", "reject|list",
    "select('odd')|list", "reject('equalto', 1)|list", "selectattr('tool_calls')|list",
    "selectattr('role', 'equalto', 'user')|list", "rejectattr('role', 'in', ['tool', 'user'])|list",
    "selectattr('tool_calls', 'defined')|map(attribute='content')|list", "sum(attribute='n')",
    "sort(attribute='n')|map(attribute='role')|join", "max(attribute='n')", "min(attribute='n')",
    "unique(attribute='role')|list|length",
]  # fmt: skip
TESTS = [
    "defined", "undefined", "none", "string", "mapping", "iterable", "sequence", "number",
    "integer", "float", "boolean", "true", "false", "odd", "even", "divisibleby 3",
    "divisibleby(2)", "eq 1", "equalto('a')", "ne 7", "lt 3", "gt(2)", "ge 1", "le 0",
    "in 'Hello'", "in [1, 7, 'a']", "callable", "in(d)",
]  # fmt: skip
METHODS = [
    ".strip()", ".lstrip()", ".rstrip()", ".strip('\\nd ')", ".lstrip('H')", ".rstrip('ld')",
    ".split()", ".split(', ')", ".split('l', 1)", ".rsplit('l', 1)", ".split(none, 1)",
    ".startswith('He')", ".endswith('ld')", ".startswith(('x', 'H'))", ".upper()", ".lower()",
    ".title()", ".capitalize()", ".replace('l', '1')", ".replace('l', '', 1)", ".find('o')",
    ".rfind('o')", ".count('l')", ".splitlines()", ".removeprefix('Hell')", ".removesuffix('ld')",
    ".items()|list", ".keys()|list", ".values()|list", ".get('a')", ".get('no', 5)", ".get('no')",
    ".a", ".B", "['c']", ".role", "['role']", "[0]", "[-1]", "[1]", "[1:]", "[:-1]", "[::-1]",
    "[::2]", "[1:3]", "[-2:]", "[5]", ".0", "[i]", "[s]", "[3:0:-2]", "[:100]",
]  # fmt: skip
BINARY = ["+", "-", "*", "/", "//", "%", "**", "~", "~", "+", "and", "or"]
COMPARE = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one_of(self, *choices):
        return self.random.choice(choices)

    def expression(self, depth):
        if depth <= 0 or self.random.random() < 0.15:
            return self.leaf()
        a = lambda: self.expression(depth - 1)  # noqa: E731
        pick = self.random.randrange(17)
        if pick <= 1:
            return f"{a()} {self.random.choice(BINARY)} {a()}"
        if pick == 2:
            return f"{a()} {self.random.choice(COMPARE)} {a()}"
        if pick == 3:
            return f"{self.leaf()} {self.one_of('<', '==', '<=')} {self.leaf()} < {self.leaf()}"
        if pick <= 6:
            return f"{self.operand(depth)}|{self.random.choice(FILTERS)}"
        if pick <= 8:
            negation = self.one_of("", "not ")
            return f"{self.operand(depth)} is {negation}{self.random.choice(TESTS)}"
        if pick <= 11:
            method = self.random.choice(METHODS)
            # Jinja folds slices of constants by other rules than those that hold when it renders.
            subject = self.random.choice(NAMES) if ":" in method else self.operand(depth)
            return subject + method
        if pick == 12:
            return f"not {a()}"
        if pick == 13:
            return self.one_of(f"-{self.operand(depth)}", f"+{self.leaf()}", f"-{self.leaf()}|abs")
        if pick == 14:
            return f"{a()} if {a()}" + self.one_of("", f" else {a()}")
        if pick == 15:
            return self.one_of(f"[{a()}, {a()}]", f"({a()}, {a()})", f"({a()},)", f"[{a()}]")
        return self.one_of(
            f"{{'k': {a()}, 'l': {a()}}}",
            f"range({self.one_of('3', 'i', '2, i', '5, 0, -2')})|list",
            f"dict(a={a()}).a",
            f"strftime_now('%d %b %Y')",
        )

    def operand(self, depth):
        if self.random.random() < 0.5:
            return self.leaf()
        return f"({self.expression(depth - 1)})"

    def leaf(self):
        pick = self.random.random()
        if pick < 0.65:
            return self.random.choice(NAMES)
        return self.random.choice(STRINGS if pick < 0.83 else NUMBERS)

    def space(self):
        return self.one_of("", "", " ", "\n", "\n\n", "  \n  ", "\t", "a", " b ", "x\n  ", "\u00a0")

    def tag(self, inside):
        return self.one_of("{%", "{%", "{%-", "{%+") + f" {inside} " + self.one_of("%}", "%}", "-%}")

    def block(self, depth, in_loop=False):
        parts = []
        for _ in range(self.random.randint(1, 3)):
            parts.append(self.space())
            parts.append(self.statement(depth, in_loop))
        return "".join(parts) + self.space()

    def statement(self, depth, in_loop):
        e = lambda: self.expression(2)  # noqa: E731
        pick = self.random.randrange(12)
        if depth <= 0 or pick <= 3:
            return self.one_of("{{", "{{", "{{-") + f" {e()} " + self.one_of("}}", "}}", "-}}")
        body = lambda loop=in_loop: self.block(depth - 1, loop)  # noqa: E731
        if pick == 4:
            middle = self.one_of("", self.tag("else") + body(), self.tag(f"elif {e()}") + body())
            return self.tag(f"if {e()}") + body() + middle + self.tag("endif")
        if pick <= 6:
            names, values = self.one_of(
                ("v", "l"), ("v", "m"), ("v", "d"), ("a, b", "d.items()"), ("v", e()),
                ("v", "m if v.n != 2"), ("v", "w[::-1]"), ("v", "range(3)"), ("v", "s"),
            )  # fmt: skip
            inner = self.one_of(
                "", "{{ loop.index }}/{{ loop.length }}{{ loop.last }}", "{{ v }}",
                "{{ loop.previtem }}{{ loop.nextitem }}{{ loop.revindex0 }}{{ loop.first }}",
                "{% if loop.index0 == 1 %}{% continue %}{% endif %}",
                "{% if v == 1 %}{% break %}{% endif %}", "{% set i = loop.index %}{{ i }}",
                "{% set ns.v = ns.v + 1 %}",
            )  # fmt: skip
            middle = self.one_of("", "", self.tag("else") + body())
            loop = self.tag(f"for {names} in {values}") + inner + body(True) + middle
            return loop + self.tag("endfor")
        if pick == 7:
            name = self.one_of("v", "ns.v", "new")
            return self.tag(f"set {name} = {e()}") + "{{ v }}{{ new }}{{ ns.v }}"
        if pick == 8:
            filters = self.one_of("", " | trim", " | upper | replace('A', 'b')")
            return self.tag(f"set v{filters}") + body(False) + self.tag("endset") + "{{ v }}"
        if pick == 9:
            return "{#" + self.one_of("", "-", "+") + " note {{ " + self.one_of("#}", "-#}")
        if pick == 10:
            return self.tag("raw").replace("+", "") + " {{ x }} {% if %}\n" + self.tag("endraw")
        return self.tag("generation") + body(False) + self.tag("endgeneration")

    def template(self):
        head = "{% set ns = namespace(v=0) %}"
        if self.random.random() < 0.3:
            head += (
                "{%- macro mac(a, b='dflt', c=a) -%}" + self.block(1) + "{{ a }}-{{ b }}-{{ c }}"
                "{%- endmacro -%}{{ mac(1) }}{{ mac(s, c=2) }}{{ mac() }}"
            )
        return head + self.block(2) + self.one_of("", "\n", "\n\n", "\r\n")


def templates(count, seed):
    """`count` templates; every second one is a single expression."""
    for i in range(count):
        generator = Generator(f"{seed}/{i}")
        if i % 2 == 0:
            yield "{{ " + generator.expression(3) + " }}"
        else:
            yield generator.template()

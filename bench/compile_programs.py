"""The programs that bench/compile_time compiles, and how it compiles them."""

import dataclasses
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Says how fast a machine is: no header of xzoo, about as long to compile as one.
CALIBRATION = """
#include <algorithm>
#include <map>
#include <random>
#include <regex>
#include <string>
std::map<std::string, std::size_t> count_words(const std::string& text) {
    static const std::regex word{"[[:alpha:]]+"};
    std::map<std::string, std::size_t> counts;
    for (std::sregex_iterator it{text.begin(), text.end(), word}, end; it != end; ++it)
        ++counts[it->str()];
    return counts;
}
"""

PROGRAM = """
#include <zoo/{family}.hpp>
namespace {{

constexpr xzoo::{config} first = {first};

// Wider, deeper, with another vocabulary; families call these fields by three names.
constexpr auto second = [](auto config) {{
    config.vocab_size += 64;
    if constexpr (requires {{ config.hidden_size; }})
        config.hidden_size *= 2;
    else if constexpr (requires {{ config.n_embd; }})
        config.n_embd *= 2;
    else
        config.dim *= 2;
    if constexpr (requires {{ config.num_hidden_layers; }})
        config.num_hidden_layers += 2;
    else if constexpr (requires {{ config.n_layer; }})
        config.n_layer += 2;
    else
        config.n_layers += 2;
    return config;
}}(first);

template <xzoo::{config} C>
float run(const typename xzoo::{model}<C>::Inputs& inputs) {{
    const auto model = xzoo::{model}<C>{{}}.random_init(1);
    {run}
}}

}}  // namespace
"""
RUN_ENCODER = "return model(inputs).last_hidden_state(0, 0, 0);"
RUN_DECODER = """const auto ids = model.generate(inputs, {.max_new_tokens = 20});
    return model({.input_ids = ids}).logits(0, 0, 0);"""
CALL = """
float run_{which}(const xzoo::{model}<{which}>::Inputs& inputs) {{
    return run<{which}>(inputs);
}}
"""


def list_families():
    """The public headers of the zoo; what heads a family has in a second file is part of it."""
    names = {path.stem for path in (ROOT / "zoo").glob("*.hpp")}
    return sorted(name for name in names if name.removesuffix("_heads") not in names - {name})


class Family:
    """What a header has models of, as its manifest says, and its first named config (where none
    has a name, that of all defaults).

    Errors: ValueError where the manifest is missing or names neither an encoder nor a generator.
    """

    def __init__(self, name):
        self.name = name
        manifest = ROOT / "weights_manifest" / f"{name}.json"
        if not manifest.is_file():
            raise ValueError(f"zoo/{name}.hpp: no {manifest.name} says what the family consists of")
        classes = json.loads(manifest.read_text())["classes"]
        self.config = classes["config"]
        text = (ROOT / "zoo" / f"{name}.hpp").read_text()
        named = re.search(rf"^inline constexpr {self.config} (\w+)\{{", text, re.MULTILINE)
        self.first = f"xzoo::{named[1]}" if named else f"xzoo::{self.config}{{}}"
        self.is_encoder = "ForMaskedLM" in classes["heads"]
        generators = [head for head in classes["heads"] if head in ("ForCausalLM", "LMHeadModel")]
        if not self.is_encoder and not generators:
            raise ValueError(f"zoo/{name}.hpp: neither an encoder nor a language model")
        self.model = classes["prefix"] + ("" if self.is_encoder else generators[0])

    def header(self):
        return f"#include <zoo/{self.name}.hpp>\n"

    def program(self, *configs):
        """Runs a model of each of `configs`: "first", "second"."""
        text = PROGRAM.format(
            family=self.name,
            config=self.config,
            model=self.model,
            first=self.first,
            run=RUN_ENCODER if self.is_encoder else RUN_DECODER,
        )
        return text + "".join(CALL.format(which=which, model=self.model) for which in configs)


@dataclasses.dataclass
class Compilation:
    """What compiling one source file took and gave."""

    wall_s: float
    cpu_s: float  # user and system
    mib: float  # of the compiler, at its highest
    bytes: int  # of code and constants


def compile_text(text, arguments):
    """Errors: RuntimeError where it does not compile."""
    with tempfile.TemporaryDirectory() as name:
        source, result = pathlib.Path(name, "program.cpp"), pathlib.Path(name, "program.o")
        source.write_text(text)
        command = [arguments.compiler, "-std=c++20", *arguments.flags.split()]
        command += [f"-I{path}" for path in (ROOT / "include", ROOT, arguments.build / "generated")]
        command += ["-c", str(source), "-o", str(result)]
        start = time.perf_counter()
        # Not from a cache, should the compiler be called through ccache.
        compiler = subprocess.Popen(command, env=os.environ | {"CCACHE_DISABLE": "1"})
        _, status, usage = os.wait4(compiler.pid, 0)  # of the compiler and all that it started
        wall_s = time.perf_counter() - start
        compiler.returncode = os.waitstatus_to_exitcode(status)
        if compiler.returncode != 0:
            raise RuntimeError(f"does not compile: {' '.join(command)}\n{text}")
        return Compilation(
            wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, code_bytes(result)
        )


def code_bytes(path):
    """The columns "text" and "data" of size: constants with addresses in them are data."""
    output = subprocess.run(["size", path], check=True, capture_output=True, text=True).stdout
    text, data = output.splitlines()[1].split()[:2]
    return int(text) + int(data)

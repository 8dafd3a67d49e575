// xzoo pack
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/commands.hpp"
#include "cli/generators.hpp"
#include "cli/model_source.hpp"
#include "cli/models.hpp"
#include "cli/output.hpp"
#include "xzoo/io/output_file.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::cli {

namespace fs = std::filesystem;

namespace {

/// What --task calls the use that a config.json is of. Where there is none, choosing a type says
/// so.
std::string task_of(const boost::json::object& config) {
    const std::vector<GeneratorKind> kinds = all_generators();
    const boost::json::value* type = config.if_contains("model_type");
    std::string_view architecture;
    if (const boost::json::value* all = config.if_contains("architectures"))
        if (all->is_array() && !all->get_array().empty() && all->get_array()[0].is_string())
            architecture = all->get_array()[0].get_string();
    if (serves(Task::classify, architecture))
        return "classify";
    if (serves(Task::fill_mask, architecture))
        return "fill-mask";
    const auto generates = [&](const GeneratorKind& kind) {
        return type != nullptr && type->is_string() &&
               std::string_view{type->get_string()} == kind.description.model_type;
    };
    return std::any_of(kinds.begin(), kinds.end(), generates) ? "generate" : "embed";
}

struct Loaded {
    std::unique_ptr<Loadable> model;
    std::string_view class_name;
};

Loaded load(const PackOptions& options, const ModelSource& source) {
    const boost::json::object config = source.config();
    const std::string task = options.task == "auto" ? task_of(config) : options.task;
    Loaded loaded;
    if (task == "generate") {
        const GeneratorKind kind = choose_generator(source.generator_precision(options.precision),
                                                    config, source.config_where);
        loaded = {kind.make(), kind.description.class_name};
    } else {
        const Task what = task == "classify"    ? Task::classify
                          : task == "fill-mask" ? Task::fill_mask
                                                : Task::embed;
        const ModelKind kind = choose_kind(what, source.encoder_precision(options.precision),
                                           config, source.config_where);
        loaded = {kind.make(0), kind.description.class_name};
    }
    source.load(*loaded.model, loaded.class_name, options.model.directory);
    return loaded;
}

/// Whether a file of a model's folder goes along: tokenizer, settings, templates.
bool goes_along(const fs::path& path) {
    constexpr std::array<std::string_view, 4> kinds{".json", ".txt", ".model", ".jinja"};
    const std::string name = path.filename().string();
    return !name.ends_with(".index.json") && name != "config.json" &&
           std::find(kinds.begin(), kinds.end(), path.extension().string()) != kinds.end();
}

void copy_companions(const ModelSource& source, const fs::path& output) {
    io::write_file(output / "config.json", source.config_json);
    if (source.folder.empty()) {
        io::write_file(output / "tokenizer.json", source.tokenizer_json);
        if (!source.generation_config.empty())
            io::write_file(output / "generation_config.json", source.generation_config);
        return;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator{source.folder})
        if (entry.is_regular_file() && goes_along(entry.path())) {
            std::error_code error;
            const fs::path to = output / entry.path().filename();
            fs::copy_file(entry.path(), to, fs::copy_options::overwrite_existing, error);
            if (error)
                throw FileError{to.string(), "cannot be written: " + error.message()};
        }
}

}  // namespace

int run(const PackOptions& options) {
    const ModelSource source = find_source(options.model.model, options.model.directory);
    std::error_code error;
    if (!source.folder.empty() && fs::equivalent(source.folder, options.output, error))
        throw UsageError{"--output: " + io::quote_name(options.output.string()) +
                         " holds the weights that are to be packed; expected another folder"};
    if (source.packed_precision())
        throw ArgumentError{source.folder.string() +
                            ": its weights are packed already; pack the original ones"};
    const Loaded loaded = load(options, source);
    fs::create_directories(options.output, error);
    if (error)
        throw FileError{options.output.string(), "cannot be made: " + error.message()};
    const fs::path file = options.output / "model.safetensors";
    loaded.model->save_packed(file);
    copy_companions(source, options.output);
    std::cout << file.string() << '\n';
    check_output();
    return exit_ok;
}

}  // namespace xzoo::cli

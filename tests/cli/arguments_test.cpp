// Arguments, help, list, info and verify: what needs no model.
#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <string>

#include "cli/run_cli.hpp"

using namespace xzoo::test;

namespace {

const std::array<std::vector<std::string>, 14> commands{{{"list"},
                                                         {"info"},
                                                         {"verify"},
                                                         {"embed"},
                                                         {"classify"},
                                                         {"fill-mask"},
                                                         {"generate"},
                                                         {"chat"},
                                                         {"tokenize"},
                                                         {"detokenize"},
                                                         {"perplexity"},
                                                         {"pack"},
                                                         {"manifest", "add"},
                                                         {"bench"}}};

}  // namespace

TEST_CASE("arguments that make no sense end with 2 and one message", "[cli]") {
    const std::vector<std::vector<std::string>> wrong{{},
                                                      {"frobnicate"},
                                                      {"--no-such-option"},
                                                      {"info"},
                                                      {"verify"},
                                                      {"manifest"},
                                                      {"fill-mask", "text"},
                                                      {"embed", "--pooling", "sum", "text"},
                                                      {"classify", "--batch-size", "0", "text"},
                                                      {"classify", "--threads", "-3", "text"},
                                                      {"bench", "bert_tiny", "--length", "x"},
                                                      {"bench", "bert_tiny", "--length", "513"},
                                                      {"bench", "bert_tin"},
                                                      {"list", "--family", "gpt"},
                                                      {"list", "--json="},
                                                      {"classify", "--top-k=", "3"}};
    for (const auto& arguments : wrong) {
        INFO("first argument: " << (arguments.empty() ? "none" : arguments.front()));
        const Result result = run_xzoo(arguments);
        CHECK(result.code == 2);
        CHECK(result.out.empty());
        CHECK(result.err.starts_with("xzoo: "));
        CHECK(contains(result.err, "--help"));
    }
    CHECK(contains(run_xzoo({"verfy"}).err, "did you mean 'verify'?"));
}

TEST_CASE("messages name commands and arguments as help does", "[cli]") {
    const std::vector<std::pair<std::vector<std::string>, std::string>> said{
        {{"manifest", "foo"},
         "xzoo: there is no command 'manifest foo'\nTry 'xzoo manifest --help'.\n"},
        {{"manifest", "addd"},
         "xzoo: there is no command 'manifest addd'; did you mean 'manifest add'?\n"
         "Try 'xzoo manifest --help'.\n"},
        {{"manifest", "add"}, "xzoo: DIR is required\nTry 'xzoo manifest add --help'.\n"},
        {{"info"}, "xzoo: NAME is required\nTry 'xzoo info --help'.\n"},
        {{"generate"}, "xzoo: MODEL is required\nTry 'xzoo generate --help'.\n"},
        {{"chat", "m", "++"},
         "xzoo: The following argument was not expected: ++\nTry 'xzoo chat --help'.\n"}};
    for (const auto& [arguments, message] : said)
        CHECK(run_xzoo(arguments).err == message);
    CHECK(contains(run_xzoo({"bench", "no-such-config-at-all"}).err,
                   "there is no config called 'no-such-config-at-all'. The configs are: "));
}

TEST_CASE("every command has help with examples, and the manual page has all options", "[cli]") {
    const std::string manual = run_xzoo({"man-page"}).out;
    CHECK(manual.starts_with(".TH XZOO 1"));
    CHECK(contains(run_xzoo({"--help"}).out, "Exit codes:"));
    CHECK(run_xzoo({"--version"}).out.starts_with("xzoo "));
    for (std::vector<std::string> command : commands) {
        INFO("command: " << command.front());
        command.emplace_back("--help");
        const Result help = run_xzoo(command);
        CHECK(help.code == 0);
        CHECK(help.err.empty());
        CHECK(contains(help.out, "Examples:\n  xzoo " + command.front()));
        for (const std::string& line : help.lines()) {
            CHECK(line.size() <= 100);
            if (!line.starts_with("  --"))
                continue;
            std::string option = line.substr(2, line.find(' ', 2) - 2);
            for (std::size_t at = 0; (at = option.find('-', at)) != std::string::npos; at += 2)
                option.insert(at, "\\");  // as roff wants it
            CHECK(contains(manual, option));
        }
    }
}

TEST_CASE("the examples that need no files of others work", "[cli]") {
    std::size_t count = 0;
    for (const char* command : {"list", "info"}) {
        for (const std::string& line : run_xzoo({command, "--help"}).lines()) {
            if (!line.starts_with("  xzoo "))
                continue;
            std::istringstream words{line.substr(0, line.find('|'))};
            std::string program;
            words >> program;
            const std::vector<std::string> arguments{std::istream_iterator<std::string>{words}, {}};
            INFO(line);
            const Result result = run_xzoo(arguments);
            CHECK(result.code == 0);
            CHECK(result.err.empty());
            ++count;
        }
    }
    CHECK(count == 4);
}

TEST_CASE("list shows every entry as a row or a JSON object", "[cli]") {
    const Result table = run_xzoo({"list"});
    const std::vector<boost::json::object> entries = run_xzoo({"list", "--json"}).objects();
    REQUIRE(table.code == 0);
    REQUIRE(entries.size() > 20);
    CHECK(table.lines().size() == entries.size() + 1);
    for (const boost::json::object& entry : entries) {
        CHECK(contains(table.out, string_of(entry.at("name"))));
        CHECK(entry.at("sha256_known").is_bool());
        CHECK(string_of(entry.at("name")).find("Weights::") != std::string::npos);
    }
    for (const boost::json::object& entry :
         run_xzoo({"list", "--family", "mpnet", "--json"}).objects())
        CHECK(string_of(entry.at("family")) == "mpnet");
    const Result unknown = run_xzoo({"list", "--family", "gpt"});
    CHECK(unknown.code == 2);
    CHECK(contains(unknown.err, "distilbert"));
}

TEST_CASE("info says what is known of an entry and where its files are", "[cli]") {
    const TempFolder folder;
    folder.write("config.json", "{}");
    const auto info = run_xzoo({"info", "google-bert/bert-base-uncased", "--directory",
                                folder.path().string(), "--json"})
                          .objects();
    REQUIRE(info.size() == 1);
    CHECK(string_of(info[0].at("name")) == "BertWeights::base_uncased");
    CHECK(number(info[0].at("config").as_object().at("hidden_size")) == 768);
    std::size_t found = 0;
    for (const boost::json::value& file : info[0].at("files").as_array())
        if (const auto* place = file.as_object().if_contains("found")) {
            CHECK(string_of(*place) == (folder.path() / "config.json").string());
            ++found;
        }
    CHECK(found == 1);
    const Result page = run_xzoo({"info", "BertWeights::base_uncased"});
    CHECK(page.code == 0);
    CHECK(contains(page.out, "68d45e234eb4a928074dfd868cead0219ab85354cc53d20e772753c6bb9169d3"));
    CHECK(contains(page.out, "here     no"));
}

TEST_CASE("an unknown or ambiguous entry ends with 1 and names others", "[cli]") {
    const Result unknown = run_xzoo({"info", "base_uncasd"});
    CHECK(unknown.code == 1);
    CHECK(contains(unknown.err, "BertWeights::base_uncased"));
    const Result ambiguous = run_xzoo({"info", "base"});
    CHECK(ambiguous.code == 1);
    CHECK(contains(ambiguous.err, "RobertaWeights::base"));
}

TEST_CASE("verify reaches the verdict on every malformed file in one line", "[cli]") {
    const fs::path folder = data_dir() / "malformed";
    const boost::json::value cases = boost::json::parse(read_file(folder / "cases.json"));
    std::size_t checked = 0;
    for (const boost::json::value& item : cases.as_array()) {
        const std::string verdict = string_of(item.as_object().at("verdict"));
        const fs::path path = folder / string_of(item.as_object().at("file"));
        if (!fs::exists(path))
            continue;
        INFO(path << ": " << verdict);
        const Result result = run_xzoo({"verify", path.string()});
        REQUIRE((result.code == 0 || result.code == 1));
        const std::string& said = result.code == 0 ? result.out : result.err;
        CHECK((result.code == 0 ? result.err : result.out).empty());
        CHECK(std::count(said.begin(), said.end(), '\n') == 1);
        CHECK(contains(said, path.string()));
        if (verdict == "accept" || verdict == "reject")
            CHECK(result.code == (verdict == "accept" ? 0 : 1));
        ++checked;
    }
    CHECK(checked > 30);
}

TEST_CASE("verify goes on behind an unsound path and takes nothing for a checkpoint", "[cli]") {
    const fs::path sound = data_dir() / "models" / "tiny_bert";
    const Result result = run_xzoo({"verify", "no/such/file", sound.string(), "/dev/null"});
    CHECK(result.code == 1);
    CHECK(contains(result.out, "sound"));
    CHECK(contains(result.err, "no/such/file"));
    CHECK(contains(result.err, "/dev/null"));
}

TEST_CASE("control characters in a name do not reach the terminal", "[cli]") {
    const Result result = run_xzoo({"verify", "evil\x1b[2J\nname"});
    CHECK(result.code == 1);
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK(result.err.find('\x1b') == std::string::npos);
}

TEST_CASE("names that no file can have are told plainly", "[cli]") {
    const std::string name(300, 'x');
    const std::vector<std::vector<std::string>> commands{
        {"classify", "--model", name, "text"},
        {"classify", "--file", name},
        {"tokenize", name, "text"},
        {"generate", name, "text"},
        {"manifest", "add", name, "--name", "a", "--repository", "a/b"}};
    for (const auto& arguments : commands) {
        const Result result = run_xzoo(arguments);
        INFO(arguments.front() << ": " << result.err);
        CHECK(result.code == 1);
        CHECK(contains(result.err, name));
        CHECK_FALSE(contains(result.err, "filesystem error"));
    }
}

TEST_CASE("a full disk is an error", "[cli]") {
    const std::string command = shell_quoted(XZOO_CLI_PATH) + " list > /dev/full 2> /dev/null";
    CHECK(WEXITSTATUS(std::system(command.c_str())) == 1);
}

TEST_CASE("a command whose output does not arrive reads no further", "[cli]") {
    const TempFolder folder;
    const std::string model = shell_quoted(language_model_dir().string());
    const std::string err = (folder.path() / "err").string();
    for (const std::string& arguments : {std::string{"classify"}, std::string{"embed"},
                                         "tokenize " + model, "detokenize " + model}) {
        // Without an end of its own, yes writes until nobody reads.
        const std::string command = "yes 97 | timeout 30 " + shell_quoted(XZOO_CLI_PATH) + ' ' +
                                    arguments + " > /dev/full 2> " + shell_quoted(err);
        INFO(arguments);
        CHECK(WEXITSTATUS(std::system(command.c_str())) == 1);
        CHECK(read_file(err) == "xzoo: standard output: cannot be written\n");
    }
}

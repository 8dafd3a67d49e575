// Examples and notes of --help and the manual page.
#pragma once

namespace xzoo::cli {

inline constexpr const char* main_footer =
    R"(Exit codes:
  0  done
  1  it could not be done, a model or a file is not there for example, or what
     was checked is not sound; standard error says why
  2  the arguments make no sense: there is no such option or word, a value is out
     of range, or settings contradict each other

'xzoo COMMAND --help' shows the options of a command, and examples.)";

inline constexpr const char* list_examples =
    R"(  xzoo list
  xzoo list --family bert --json | jq -r .repository)";

inline constexpr const char* info_examples =
    R"(  xzoo info BertWeights::base_uncased
  xzoo info sentence-transformers/all-MiniLM-L6-v2 --json | jq .files)";

inline constexpr const char* verify_examples =
    R"(  xzoo verify model.safetensors
  xzoo verify model.safetensors.index.json my_model/ && echo sound)";

inline constexpr const char* embed_examples =
    R"(  xzoo embed --model all_minilm_l6_v2 --normalize "A text" "Another text"
  xzoo embed --model my_model/ --pooling cls --json sentences.txt
  grep -v '^#' notes.txt | xzoo embed > vectors.txt

Output: a line for each text, its numbers separated by spaces. With --json:
  {"text": "A text", "embedding": [0.12, ...]})";

inline constexpr const char* classify_examples =
    R"(  xzoo classify "Where is the station?" "Wo ist der Bahnhof?"
  xzoo classify --top-k 3 --json < sentences.txt
  xzoo classify --model my_model/ --batch-size 64 reviews.txt

Output: label, probability and text, separated by tabs. With --json:
  {"text": "Hallo", "label": "de", "score": 0.98, "scores": {"de": 0.98, ...}}
where scores holds the --top-k best. A text of --pairs has the field "pair", too.
Scores are the softmax of the labels, or the sigmoid of each where the model has
one label or its problem_type is multi_label_classification.)";

inline constexpr const char* fill_mask_examples =
    R"(  xzoo fill-mask --model google-bert/bert-base-uncased "Paris is the [MASK] of France."
  xzoo fill-mask --model my_model/ --top-k 1 --json < sentences.txt

Output: the probability, the token and the text with the token in it, separated
by tabs; a text with several masks has a block for each. With --json:
  {"text": "...", "masks": [{"position": 4, "candidates":
    [{"token": "capital", "id": 3007, "score": 0.99, "text": "..."}, ...]}]})";

inline constexpr const char* manifest_add_examples =
    R"(  xzoo manifest add my_model/ --name mine --repository me/mine \
      --revision 0123456789abcdef0123456789abcdef01234567 --license apache-2.0)";

inline constexpr const char* generate_examples =
    R"(  xzoo generate my_model/ "Once upon a time"
  xzoo generate HuggingFaceTB/SmolLM2-135M "The sea" --max-new-tokens 80 \
      --temperature 0.8 --top-p 0.95 --seed 7
  xzoo generate --model my_model/ --file prompt.txt --greedy > story.txt
  echo "Dear Sir," | xzoo generate my_model/ --json --top-log-probs 3

The prompt is one text, of which a last line break is dropped. Settings are those
of generation_config.json: what is not set comes from the model's file of this
name; where neither says how long the text may become, it is 256 tokens. Setting
one of those for sampling turns sampling on. Values are JSON as in that file,
without the outer brackets of a list: --eos-token-id 1,2.

Output: the prompt and what follows, as it is written on a terminal or with
--stream, else at the end; texts of several are divided by an empty line. Speed and
seed go to standard error. With --json a line for each text:
  {"prompt": "...", "text": "...", "finish_reason": "length", "seed": 7, "tokens":
    [{"id": 403, "token": "was", "log_prob": -0.21, "top": [...]}, ...], ...})";

inline constexpr const char* chat_examples =
    R"(  xzoo chat my_model/
  xzoo chat HuggingFaceTB/SmolLM2-135M-Instruct --system "Answer in verse." --seed 1
  printf 'Who are you?\nAnd I?\n' | xzoo chat my_model/ > answers.txt

A line is a message. Ctrl-C stops an answer, and ends a chat that waits for input
from anywhere but a terminal; Ctrl-D or /exit ends the chat.
  /system TEXT  sets the system prompt, or removes it where there is no TEXT
  /reset        forgets the conversation, but for the system prompt
  /help         shows the commands
  /exit         ends the chat
A message that begins with a slash is written with two.)";

inline constexpr const char* tokenize_examples =
    R"(  xzoo tokenize my_model/ "Hello world"
  xzoo tokenize tokenizer.json --show table "Hello world"
  xzoo tokenize my_model/ --json < lines.txt

Output: a line of ids for each text; --show says what else: tokens as the
vocabulary has them, their count, or a table with a line for each token (id, token,
begin and end in the text). With --json:
  {"text": "...", "ids": [1, 2], "tokens": ["a", "b"], "offsets": [[0, 1], ...]})";

inline constexpr const char* detokenize_examples =
    R"(  xzoo detokenize my_model/ 15496 995
  xzoo tokenize my_model/ --file lines.txt | xzoo detokenize my_model/
  echo "[15496, 995]" | xzoo detokenize tokenizer.json --json

Ids are separated by spaces or commas, in brackets or not. Those that are arguments
make one text; a line of a file makes one. With --json:
  {"ids": [15496, 995], "text": "Hello world"})";

inline constexpr const char* perplexity_examples =
    R"(  xzoo perplexity my_model/ book.txt
  xzoo perplexity --model my_model/ --window 512 --stride 128 --json *.txt

A file is one text. One with more tokens than the model has positions for is read in
windows that overlap. Output: perplexity, number of tokens and file, separated by
tabs. With --json:
  {"file": "book.txt", "tokens": 5120, "log_prob": -9000.5, "perplexity": 5.8,
   "bits_per_byte": 1.2})";

inline constexpr const char* pack_examples =
    R"(  xzoo pack my_model/ --precision q4 --output my_model_q4/
  xzoo generate my_model_q4/ "Once upon a time"

The folder gets the config, the tokenizer and the weights in the form that the
kernels of this CPU read: they are mapped, not loaded, and processes share them.
Other programs cannot read them, nor can CPUs of another kind: they say so.)";

inline constexpr const char* bench_examples =
    R"(  xzoo bench bert_base
  xzoo bench smollm2_135m --precision bf16 --length 512 --new-tokens 64
  xzoo bench minilm_l6 --batch 8 --length 64 --threads 1 --json

Configs that differ in nothing but labels have one encoder, and go by the name of
the first. A name that is none is answered with the list of all.)";

}  // namespace xzoo::cli

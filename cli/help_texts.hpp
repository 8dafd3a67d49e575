// Examples and notes of --help and the manual page.
#pragma once

namespace xzoo::cli {

inline constexpr const char* main_footer =
    R"(Exit codes:
  0  done
  1  it could not be done, or what was checked is not sound; standard error
     says why
  2  the arguments make no sense

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

inline constexpr const char* bench_examples =
    R"(  xzoo bench bert_base
  xzoo bench minilm_l6 --batch 8 --length 64 --threads 1 --json)";

}  // namespace xzoo::cli

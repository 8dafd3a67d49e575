"""The README.md of the model: a template and the numbers of one evaluation."""

README = """# Language identification: the embedded model

`BertForSequenceClassification` in the Hugging Face layout: given a text, which of {n_labels} languages it is written in.
It is small enough ({bytes} bytes of bfloat16 weights, {params} parameters) to ship with the library and to run on any machine.

| | |
| --- | --- |
| macro accuracy, held-out sentences of 60 characters or more | **{macro:.2f} %** |
| languages | {n_labels} |
| architecture | {layers} layers, hidden {hidden}, {heads} heads, intermediate {inter}, {vocab} WordPiece tokens, at most 128 tokens |
| training | {samples} samples (about {epochs} epochs over {train_total} sentences), {phases} phase(s), {minutes} minutes on {threads} thread of a CPU, seed {seed} |

Macro accuracy is the mean over languages of the share of sentences labelled rightly. All numbers here are of the
bfloat16 weights in `model.safetensors`, run in float32, on text from source packages that gave no training text.

## Accuracy by length

| characters | macro accuracy | sentences | languages |
| --- | ---: | ---: | ---: |
{length_table}

The held-out strings are interface strings, help pages, game dialogue and manuals; very short ones are
menu words, many of which are spelt alike in related languages, so the first rows are as much about the question as about the model.

## Languages

| code | language | training sentences | held-out sentences | of these 60+ characters | accuracy, 60+ |
| --- | --- | ---: | ---: | ---: | ---: |
{language_table}

Lowest: {worst}.

Where a language is written in two scripts: {by_script}.

## Confusion matrix

![confusion matrix](confusion.png)

The largest confusions (share of the actual language's sentences of 60 or more characters):

| actual | predicted | share | count |
| --- | --- | ---: | ---: |
{confusion_table}

## Files

| file | what |
| --- | --- |
| `model.safetensors`, `config.json` | weights (BF16) and configuration |
| `tokenizer.json`, `tokenizer_config.json`, `vocab.txt` | the WordPiece tokenizer |
| `expected.json`, `expected.safetensors` | sentences with their token ids and logits, to check an implementation against (ids exactly, logits to 1e-4) |
| `metrics.json` | all numbers above and the whole confusion matrix |
| `sources.tsv` | every package used, with version, licence and sentence count |

The tokenizer lowercases (one character at a time, so there is no final-sigma rule), keeps accents, and allows 256
characters a word (`max_input_chars_per_word`) because Thai, Khmer and Burmese write whole clauses without spaces.
A word longer than that, or with a character outside the vocabulary, becomes `[UNK]`. The scripts' own tokenizer does not
look for special tokens written out in the text (`[CLS]` as five letters); everything else gives the ids of `tokenizer.json`.

## Recipe

The scripts are in `scripts/language_id/`. Text comes from Debian packages: message catalogues, help pages, manuals
and game dialogue. Training and held-out text come from different source packages. Cleaning drops untranslated strings,
markup, placeholders, accelerators, option names, paths and code, lines that are mostly not letters, text in the wrong
script, and duplicates. Sentences keep a hole where a placeholder was. A held-out sentence is dropped when its letters (case folded) equal those of any training
sentence of any language, or when two languages share it. Languages with close relatives are drawn more often and those alone in their script less often
(the factors are in `metrics.json`); about half of the draws are whole sentences, the rest are random stretches of one to
fifteen words (or 4 to 60 characters where there are no spaces). AdamW, warmup and cosine decay (peak learning rate {lr}),
label smoothing {smoothing}, dropout 0.1, and 2 % of the tokens replaced by `[UNK]`.
`pt` holds European and Brazilian Portuguese, `sr` both scripts, `ca` Valencian too, `uz` both scripts, `be` both orthographies in Cyrillic.

## Limits

- The text is about software, and translated from English. Held-out text is from other packages but the same world, apart from
  the games. Expect less on poetry, chat, dialects, old spelling or text about other matters.
- It always answers with one of its {n_labels} languages. Text in another language gets the nearest one, often with a high score: the scores are not calibrated.
- Close pairs stay hard when the text is short: see the table of confusions. Bosnian and Montenegrin are not labels; such text comes out as `hr` or `sr`.
- Serbian in Latin letters is often taken for Croatian (the figures by script are under the language table); in Cyrillic it is not.
- Indonesian and Malay are mixed up in about one sentence of eight.
- No held-out text was trained on, but the held-out scores of an earlier, shorter run decided which languages to draw more
  often, and one held-out package (gnome-chess, whose strings are templated moves with holes) was taken out after looking at it.
- Mixed-language text, names, numbers and code have no right answer here.
- Chinese is told apart by script (simplified or traditional), not by region; rare ideographs are `[UNK]`.
- Held-out labels are the catalogues' own; some rows are mislabelled at the source (untranslated or copied strings), which costs every model a little.

## Sources

The licences are those of the text in each package (its `debian/copyright` has the details). `sources.tsv` lists the binary packages one by one.

### Training

{train_table}

### Held-out

{heldout_table}
"""


def card(config, size, params, macro, by_length, langs, scripts, largest, tr, phases, source_tables):
    """The text: size in bytes, largest as confusions() gives it, tr and phases as train.py left them in model.pt."""
    pct = lambda v: f"{100 * v:.2f} %"
    train_total = sum(tr["train_sentences"].values())
    samples, seconds = (sum(ph[k] for ph in phases) for k in ("samples", "seconds"))
    worst = sorted(langs, key=lambda l: l["accuracy_60"])
    return README.format(
        n_labels=len(langs), bytes=f"{size:,}", params=f"{params:,}", macro=100 * macro, layers=config["num_hidden_layers"],
        hidden=config["hidden_size"], heads=config["num_attention_heads"], inter=config["intermediate_size"], vocab=config["vocab_size"],
        samples=f"{samples:,}", epochs=round(samples / train_total, 1), train_total=f"{train_total:,}",
        minutes=round(seconds / 60), phases=len(phases), threads=tr["arguments"]["threads"], seed=tr["seed"],
        lr=", then ".join(f"{ph['arguments']['lr']:g}" for ph in phases), smoothing=tr["arguments"]["smoothing"],
        length_table="\n".join(f"| {b} | {pct(v['macro_accuracy'])} | {v['sentences']:,} | {v['languages']} |" for b, v in by_length.items()),
        language_table="\n".join(f"| `{l['code']}` | {l['name']} | {l['train_sentences']} | {l['heldout_sentences']} | {l['heldout_sentences_60']} | {pct(l['accuracy_60'])} |" for l in langs),
        worst=", ".join(f"`{l['code']}` {pct(l['accuracy_60'])}" for l in worst[:8]),
        by_script=", ".join(f"`{k}` {pct(v['accuracy_60'])} of {v['sentences']}" for k, v in scripts.items()),
        confusion_table="\n".join(f"| `{x}` | `{y}` | {pct(s)} | {v} of {t} |" for s, x, y, v, t in largest),
        train_table=source_tables["train"], heldout_table=source_tables["heldout"])

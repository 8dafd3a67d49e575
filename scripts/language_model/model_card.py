"""The README.md of the model: a template and the numbers of one evaluation."""

README = """# A language model of three voices: the embedded model

`LlamaForCausalLM` in the Hugging Face layout that continues English text in the manner of what it was trained on: the novels of
Jane Austen, the King James Bible and Moby-Dick. It is small enough ({bytes} bytes of bfloat16 weights, {params} parameters) to ship with the
library and to write on any machine.

| | |
| --- | --- |
| loss on held-out text | **{loss:.3f}** nats a token (perplexity {perplexity:.1f}), {bits:.3f} bits a byte |
| architecture | {layers} layers, hidden {hidden}, {heads} heads of {head_size} over {kv} key-value heads, intermediate {inter}, tied head |
| tokenizer | byte-level BPE of {vocab} pieces, {bytes_a_token:.2f} bytes a token on the held-out text |
| context | {context} tokens |
| training | {tokens} tokens ({epochs:.1f} times {train_bytes} bytes of text) in {steps} steps, {minutes} minutes of a two-core CPU, seed {seed} |

All numbers here are of the bfloat16 weights in `model.safetensors`, run in float32, on documents that gave no training text.

## What it writes

Temperature 0.8, top-p 0.9, the first answer to each prompt (seeds 1 to {n_samples}):

{samples}

## Held-out loss

| text | held out | tokens | nats a token | perplexity | bits a byte |
| --- | --- | ---: | ---: | ---: | ---: |
{loss_table}

Every chapter is measured with the `<|endoftext|>` before and after it, in windows of {context} tokens that overlap by half; the token
counts include the closing `<|endoftext|>`, bytes do not. A novel that was held out as a whole has names and places that the
model has never seen, which costs more than its prose does.

## Files

| file | what |
| --- | --- |
| `model.safetensors`, `config.json`, `generation_config.json` | weights (BF16), configuration and how to sample |
| `tokenizer.json`, `tokenizer_config.json` | the byte-level BPE tokenizer: GPT-2's words, `<|endoftext|>` put before every text |
| `expected.json` | prompts with their token ids, the greedy continuation, and by how many logits its closest choice was won |
| `expected.safetensors` | the logits at the end of each prompt and at the end of its continuation, in the same order, to check an implementation against (1e-4) |
| `metrics.json` | all numbers above, the arguments of the training and the losses on its way |
| `sources.tsv` | every package used, with version, licence, bytes and what of it was held out |

`<|endoftext|>` (id 0) begins a text and ends a chapter. A prompt should begin where a paragraph does.

## Recipe

The scripts are in `scripts/language_model/`. A document is a chapter; its lines are paragraphs, unwrapped, without headings, verse numbers, footnotes and
marks of emphasis. Training rows are {length} tokens long, {context} in the last {decay:.0f} % of the time; half of them are cut anywhere and half begin with
`<|endoftext|>` at the start of a paragraph, so that the model knows what to do with a prompt. {step_tokens} tokens a step. Matrices of the layers are trained with Muon
(learning rate {matrix_lr:g}, momentum 0.95, weight decay 0.1), the token table and the norms with AdamW ({other_lr:g}); both rates rise for {warmup} steps, stay, and fall
linearly to nothing in the last {decay:.0f} % of the time. No dropout. Products in bfloat16, everything else in float32. Output projections start at zero.
The run was started {starts} time(s), going on where it had been ended; the held-out loss on its way, in `metrics.json`, decided nothing.

## Licence of the data

| source package | version | licence | text | training bytes | held-out bytes |
| --- | --- | --- | --- | ---: | ---: |
{source_table}

The texts themselves are in the public domain (that of the King James Version everywhere but in the United Kingdom, where printing it needs a licence
of the Crown); what the packages add to them is under the licence named.

## Limits

- It has the voice of its texts and not their sense: phrases are well formed, sentences often, and what they tell together is not.
- At greedy decoding it soon repeats itself; sample.
- It knows {train_mb:.1f} MB of English written before 1852 and nothing else: no facts, no instructions, no other language. Any bytes can be given to it, though.
- It carries the opinions of its sources, on women, peoples and faith as on whales.
- Some of it is remembered rather than written, above all phrases of the Bible that recur there. Held-out books of the Bible share verses and turns of phrase with others
  (2 Peter with Jude, Micah with Isaiah), which flatters their loss.
- Beyond {context} tokens it has seen nothing; keep prompt and answer below that.
"""

NAMES = {"austen": "Jane Austen", "melville": "Moby-Dick", "king_james": "King James Bible"}


def card(config, metrics, sources, samples):
    """The text: metrics as in metrics.json, sources as in packages.json, samples as (prompt, continuation)."""
    quoted = "\n\n".join("> " + f"**{prompt}**{text}".replace("*\n", "*<br>").strip().replace("\n", "  \n> ") for prompt, text in samples)
    training, arguments = metrics["training"], metrics["training"]["arguments"]
    everything = metrics["heldout"]["all"]
    by_package = {"austen": "r-cran-janeaustenr", "melville": "r-cran-tokenizers", "king_james": "sword-text-kjv"}
    rows = {r["package"]: r for r in sources}
    losses = [(NAMES[k], rows[p]["heldout"], metrics["heldout"][k]) for k, p in by_package.items()] + [("all", "", everything)]
    train_bytes = sum(r["train_bytes"] for r in sources)
    return README.format(
        bytes=f"{metrics['file_bytes']:,}", params=f"{metrics['parameters']:,}", loss=everything["loss"], perplexity=everything["perplexity"],
        bits=everything["bits_per_byte"], layers=config["num_hidden_layers"], hidden=config["hidden_size"], heads=config["num_attention_heads"],
        head_size=config["hidden_size"] // config["num_attention_heads"], kv=config["num_key_value_heads"], inter=config["intermediate_size"],
        vocab=config["vocab_size"], bytes_a_token=everything["bytes"] / everything["tokens"], context=config["max_position_embeddings"],
        tokens=f"{training['tokens']:,}", epochs=training["tokens"] / training["stream_tokens"], train_bytes=f"{train_bytes:,}",
        train_mb=train_bytes / 1e6, steps=f"{training['steps']:,}", minutes=round(training["seconds"] / 60), starts=training["starts"],
        seed=arguments["seed"], n_samples=len(samples), samples=quoted, length=arguments["length"], decay=100 * arguments["decay"],
        step_tokens=f"{arguments['tokens']:,}", matrix_lr=arguments["matrix_lr"], other_lr=arguments["other_lr"], warmup=arguments["warmup"],
        loss_table="\n".join(f"| {name} | {what} | {v['tokens']:,} | {v['loss']:.3f} | {v['perplexity']:.1f} | {v['bits_per_byte']:.3f} |"
                             for name, what, v in losses),
        source_table="\n".join(f"| {r['source']} ({r['package']}) | {r['version']} | {r['licence']} | {r['text']} | {r['train_bytes']:,} | {r['heldout_bytes']:,} |"
                               for r in sources))

"""SentencePiece itself, for the tests: trains small models, encodes and decodes strings.

sentencepiece_peer.py check                       succeeds where the module is there
sentencepiece_peer.py train CORPUS PREFIX OPTIONS  OPTIONS: JSON, what the trainer takes
sentencepiece_peer.py encode MODEL STRINGS OUT     JSON: a list of strings in, ids and texts out
"""

import json
import sys

import sentencepiece


def train(corpus, prefix, options):
    sentencepiece.SentencePieceTrainer.train(
        input=corpus, model_prefix=prefix, minloglevel=2, **json.loads(options)
    )


def encode(model, strings, out):
    processor = sentencepiece.SentencePieceProcessor(model_file=model)
    with open(strings, encoding="utf-8") as file:
        texts = json.load(file)
    ids = [processor.encode(text) for text in texts]
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"ids": ids, "decoded": [processor.decode(one) for one in ids]}, file)


{"check": lambda: None, "train": train, "encode": encode}[sys.argv[1]](*sys.argv[2:])

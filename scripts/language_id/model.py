"""BertForSequenceClassification in plain torch, with Hugging Face's parameter names."""
import torch
import torch.nn.functional as F
from torch import nn


class Obj(nn.Module):
    """A bare container: it only contributes its name to the parameter path."""
    def __init__(this, **parts):  # not `self`: one of the parts has that name
        super().__init__()
        for k, v in parts.items():
            setattr(this, k, v)


class Bert(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        h, i, eps = c["hidden_size"], c["intermediate_size"], c["layer_norm_eps"]
        norm = lambda: nn.LayerNorm(h, eps=eps)
        layer = lambda: Obj(
            attention=Obj(self=Obj(query=nn.Linear(h, h), key=nn.Linear(h, h), value=nn.Linear(h, h)),
                          output=Obj(dense=nn.Linear(h, h), LayerNorm=norm())),
            intermediate=Obj(dense=nn.Linear(h, i)),
            output=Obj(dense=nn.Linear(i, h), LayerNorm=norm()))
        self.bert = Obj(
            embeddings=Obj(word_embeddings=nn.Embedding(c["vocab_size"], h, padding_idx=c["pad_token_id"]),
                           position_embeddings=nn.Embedding(c["max_position_embeddings"], h),
                           token_type_embeddings=nn.Embedding(c["type_vocab_size"], h), LayerNorm=norm()),
            encoder=Obj(layer=nn.ModuleList([layer() for _ in range(c["num_hidden_layers"])])),
            pooler=Obj(dense=nn.Linear(h, h)))
        self.classifier = nn.Linear(h, len(c["id2label"]))
        for m in self.modules():
            if isinstance(m, (nn.Linear, nn.Embedding)):
                nn.init.normal_(m.weight, std=c["initializer_range"])
                if isinstance(m, nn.Linear):
                    nn.init.zeros_(m.bias)

    def forward(self, ids, mask):
        """ids, mask: [batch, length]; mask is 1 where there is a token."""
        c, b = self.c, self.bert
        drop = lambda x: F.dropout(x, c["hidden_dropout_prob"], self.training)
        n, t = ids.shape
        heads = c["num_attention_heads"]
        d = c["hidden_size"] // heads
        e = b.embeddings
        x = e.word_embeddings(ids) + e.position_embeddings.weight[:t] + e.token_type_embeddings.weight[0]
        x = drop(e.LayerNorm(x))
        bias = ((1.0 - mask) * -1e9)[:, None, None, :]
        for l in b.encoder.layer:
            s = l.attention.self
            q, k, v = (f(x).view(n, t, heads, d).transpose(1, 2) for f in (s.query, s.key, s.value))
            p = torch.softmax(q @ k.transpose(2, 3) / d ** 0.5 + bias, -1)
            y = (p @ v).transpose(1, 2).reshape(n, t, heads * d)
            x = l.attention.output.LayerNorm(x + drop(l.attention.output.dense(y)))
            y = l.output.dense(F.gelu(l.intermediate.dense(x)))
            x = l.output.LayerNorm(x + drop(y))
        pooled = torch.tanh(b.pooler.dense(x[:, 0]))
        return self.classifier(drop(pooled))

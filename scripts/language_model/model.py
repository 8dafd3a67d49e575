"""LlamaForCausalLM in plain torch, with Hugging Face's parameter names."""
import torch
import torch.nn.functional as F
from torch import nn


class RMSNorm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


def rotate(x, cos, sin):
    """Turns the pairs (i, i + half) of x [..., length, head size] by the angles of their positions."""
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        h, self.heads, self.groups = c["hidden_size"], c["num_attention_heads"], c["num_key_value_heads"]
        self.size = h // self.heads
        self.q_proj = nn.Linear(h, h, bias=False)
        self.k_proj = nn.Linear(h, self.groups * self.size, bias=False)
        self.v_proj = nn.Linear(h, self.groups * self.size, bias=False)
        self.o_proj = nn.Linear(h, h, bias=False)

    def forward(self, x, cos, sin, mask):
        n, t, h = x.shape
        # [batch, key head, query heads that share it, length, size]
        q = self.q_proj(x).view(n, t, self.groups, -1, self.size).permute(0, 2, 3, 1, 4)
        k, v = (f(x).view(n, t, self.groups, 1, self.size).permute(0, 2, 3, 1, 4) for f in (self.k_proj, self.v_proj))
        q, k = rotate(q, cos, sin) * self.size ** -0.5, rotate(k, cos, sin)
        k, v = (a.expand(-1, -1, q.shape[2], -1, -1) for a in (k, v))
        p = torch.softmax(q @ k.transpose(3, 4) + mask, -1)
        return self.o_proj((p @ v).permute(0, 3, 1, 2, 4).reshape(n, t, h))


class MLP(nn.Module):
    def __init__(self, c):
        super().__init__()
        h, i = c["hidden_size"], c["intermediate_size"]
        self.gate_proj = nn.Linear(h, i, bias=False)
        self.up_proj = nn.Linear(h, i, bias=False)
        self.down_proj = nn.Linear(i, h, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.self_attn = Attention(c)
        self.mlp = MLP(c)
        self.input_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.post_attention_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])

    def forward(self, x, *rest):
        x = x + self.self_attn(self.input_layernorm(x), *rest)
        return x + self.mlp(self.post_attention_layernorm(x))


class Llama(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.model = nn.Module()
        self.model.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.model.layers = nn.ModuleList([Layer(c) for _ in range(c["num_hidden_layers"])])
        self.model.norm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        size = c["hidden_size"] // c["num_attention_heads"]
        angles = torch.outer(torch.arange(c["max_position_embeddings"]).float(),
                             1.0 / c["rope_theta"] ** (torch.arange(0, size, 2).float() / size))
        self.cos, self.sin = angles.cos(), angles.sin()
        for name, p in self.named_parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=c["initializer_range"])
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                nn.init.zeros_(p)  # every layer starts as the identity

    def forward(self, ids):
        """Logits [batch, length, vocabulary] of ids [batch, length]; the head is the token table."""
        t = ids.shape[1]
        mask = torch.full((t, t), float("-inf")).triu(1)
        x = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            x = layer(x, self.cos[:t], self.sin[:t], mask)
        return F.linear(self.model.norm(x), self.model.embed_tokens.weight)

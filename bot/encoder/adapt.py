"""Adapt the sentence encoder to our labels, on a developer's machine: a low-rank correction of its upper layers.

    python3.11 -m venv ADAPT && ADAPT/bin/pip install -r bot/encoder/adapt-requirements.txt
    ADAPT/bin/python -m bot.encoder.adapt MODEL_DIR bot/encoder/adapter.npz

MODEL_DIR holds the pinned weights (`model.safetensors`, `config.json`, `tokenizer.json`), as `fetch_and_build`
unpacks them. In the layers from `KEPT_LAYERS` on, every linear map W becomes W + B·A; only A and B are fitted, beside
one linear head per task. That is done several times from other random starts, and the fits are averaged: weights near one
another average into a better one, which costs nothing more to run (Wortsman et al. 2022, "Model soups").
`bot/encoder/build.py` puts the result into the graph as a branch of its own, so neither users nor servers need
PyTorch. Takes some seven minutes of a core for each fit.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from bot.nlu.labels import HEADS, LEVELS

RANK, MERGED_RANK = 16, 32  # of one fit, and of what is kept of their average
MOST_PIECES = 96
BATCH = 32
RATE, HEAD_RATE = 1.5e-3, 5e-3
WARM_UP = 0.06  # share of all steps
DROPOUT = 0.3
PIECE_DROPOUT = 0.15  # share of word pieces that a message is read without, each time others
KEPT_LAYERS, MIDDLE_LAYERS = 2, (3, 4)  # as `build.py` has them; the kept layers' results are computed once
CORRECTED = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
             "intermediate.dense", "output.dense")  # fmt: skip


class Corrected(nn.Module):
    """A frozen linear layer with a low-rank correction, which is nothing at first."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.a = nn.Parameter(torch.randn(RANK, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.b = nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, x: Tensor) -> Tensor:
        # Two small products cost less than to form W + B·A and its gradient.
        return functional.linear(x, self.weight, self.bias) + (x @ self.a.T) @ self.b.T


class MiniLm(nn.Module):
    """The BERT architecture, as `build.py` writes it, for training."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        config = json.loads((folder / "config.json").read_text())
        self.layers, self.width = config["num_hidden_layers"], config["hidden_size"]
        self.heads, self.epsilon = config["num_attention_heads"], config["layer_norm_eps"]
        weights = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
        self.frozen = weights
        names = [f"encoder.layer.{layer}.{name}" for layer in range(KEPT_LAYERS, self.layers) for name in CORRECTED]
        self.corrected = nn.ModuleDict(
            {name.replace(".", "/"): Corrected(weights[f"{name}.weight"], weights[f"{name}.bias"]) for name in names}
        )

    @torch.no_grad()
    def lower(self, ids: Tensor) -> Tensor:
        """The layers that stay as they are, for messages of the same length: [batch, pieces, width]."""
        x, bias = self._embed(ids), torch.zeros(1)
        for layer in range(KEPT_LAYERS):
            x = self._layer(x, bias, f"encoder.layer.{layer}")
        return x

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Unit-length sentence embedding and mean of the middle layers, each [batch, width], from `lower`'s result."""
        bias = (mask[:, None, None, :] - 1.0) * 10_000.0
        hidden = {KEPT_LAYERS: x}
        for layer in range(KEPT_LAYERS, self.layers):
            hidden[layer + 1] = self._layer(hidden[layer], bias, f"encoder.layer.{layer}")
        middle = sum(hidden[layer] for layer in MIDDLE_LAYERS) / len(MIDDLE_LAYERS)
        return functional.normalize(_mean(hidden[self.layers].float(), mask), dim=1), _mean(middle.float(), mask)

    def _embed(self, ids: Tensor) -> Tensor:
        table = "embeddings.{}_embeddings.weight"
        positions = self.frozen[table.format("position")][: ids.shape[1]] + self.frozen[table.format("token_type")][:1]
        return self._norm(self.frozen[table.format("word")][ids] + positions, "embeddings.LayerNorm")

    def _layer(self, x: Tensor, bias: Tensor, prefix: str) -> Tensor:
        query, key, value = (self._split(self._linear(x, f"{prefix}.attention.self.{part}"))
                             for part in ("query", "key", "value"))  # fmt: skip
        scores = query @ key.transpose(2, 3) / math.sqrt(self.width // self.heads) + bias
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(x.shape)
        x = self._norm(self._linear(mixed, f"{prefix}.attention.output.dense") + x, f"{prefix}.attention.output.LayerNorm")
        raised = functional.gelu(self._linear(x, f"{prefix}.intermediate.dense"))
        return self._norm(self._linear(raised, f"{prefix}.output.dense") + x, f"{prefix}.output.LayerNorm")

    def _split(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def _linear(self, x: Tensor, name: str) -> Tensor:
        key = name.replace(".", "/")
        if key in self.corrected:
            return self.corrected[key](x)
        return functional.linear(x, self.frozen[f"{name}.weight"], self.frozen[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(
            x, (self.width,), self.frozen[f"{name}.weight"], self.frozen[f"{name}.bias"], self.epsilon
        )

    def corrections(self) -> dict[str, np.ndarray]:
        """By layer's name, what is added to its matrix: B·A [out, in]."""
        return {key.replace("/", "."): (layer.b @ layer.a).detach().numpy() for key, layer in self.corrected.items()}


def _mean(x: Tensor, mask: Tensor) -> Tensor:
    return (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)


class Tasks(nn.Module):
    """One linear head per task on the encoder's vectors; frustration reads the middle layers too."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(DROPOUT)
        self.width = width
        wide = {"frustration": 2 * width}
        self.heads = nn.ModuleDict({name: nn.Linear(wide.get(name, width), len(HEADS[name])) for name in HEADS})

    def forward(self, embedding: Tensor, middle: Tensor) -> dict[str, Tensor]:
        final = embedding * math.sqrt(self.width)  # entries of about unit size
        both = torch.cat([final, functional.layer_norm(middle, (self.width,))], 1)
        return {name: head(self.dropout(both if name == "frustration" else final)) for name, head in self.heads.items()}

    def combined(self) -> dict[str, np.ndarray]:
        """All heads as one map over final and middle layers: `heads.weight` [labels, 2 * width] and `heads.bias`."""
        matrices = [head.weight.detach().numpy() for head in self.heads.values()]
        widened = [np.pad(m, ((0, 0), (0, 2 * self.width - m.shape[1]))) for m in matrices]
        biases = [head.bias.detach().numpy() for head in self.heads.values()]
        return {"heads.weight": np.concatenate(widened), "heads.bias": np.concatenate(biases)}


@dataclass(frozen=True)
class Examples:
    """What the kept layers make of each message [pieces, width] and, by task, 0/1 truth [messages, labels]."""

    states: list[Tensor]
    truth: dict[str, Tensor]


def read_messages(folder: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]:
            found += [{"text": e["text"], "acts": [block["intent"]], **e["metadata"]} for e in block["examples"]]
    return found


def examples(messages: list[dict[str, Any]], tokenizer: Tokenizer, model: MiniLm) -> Examples:
    truth = {
        task: torch.tensor([[float(name in m[task]) for name in HEADS[task]] for m in messages])
        for task in ("acts", "challenges", "triggers")
    }
    truth["frustration"] = torch.tensor([[float(m["frustration"] >= level) for level in LEVELS[1:]] for m in messages])
    return Examples([model.lower(_pieces(m["text"], tokenizer))[0] for m in messages], truth)


def _pieces(text: str, tokenizer: Tokenizer) -> Tensor:
    pieces, half = tokenizer.encode(text).ids, MOST_PIECES // 2
    return torch.tensor([pieces if len(pieces) <= MOST_PIECES else pieces[:half] + pieces[-half:]])


def batches(states: list[Tensor], generator: np.random.Generator) -> Iterator[np.ndarray]:
    """Messages of about the same length together, in random order."""
    lengths = np.array([len(x) for x in states]) * generator.uniform(0.85, 1.15, len(states))
    order = np.argsort(lengths)
    chunks = np.array_split(order, math.ceil(len(order) / BATCH))
    for index in generator.permutation(len(chunks)):
        yield chunks[index]


def padded(states: list[Tensor]) -> tuple[Tensor, Tensor]:
    """[batch, pieces, width] and its mask [batch, pieces]."""
    return nn.utils.rnn.pad_sequence(states, True), nn.utils.rnn.pad_sequence([torch.ones(len(x)) for x in states], True)


def loss_of(logits: dict[str, Tensor], truth: dict[str, Tensor], rows: np.ndarray) -> Tensor:
    total = functional.cross_entropy(logits["acts"], truth["acts"][rows].argmax(1), label_smoothing=0.05)
    for task in ("challenges", "triggers", "frustration"):
        each = functional.binary_cross_entropy_with_logits(logits[task], truth[task][rows], reduction="none")
        total = total + each.sum(1).mean()
    return total


def adapt(model: MiniLm, tasks: Tasks, data: Examples, epochs: int, seed: int) -> None:
    """Trains both in place."""
    generator = np.random.default_rng(seed)
    groups = [{"params": model.corrected.parameters(), "lr": RATE, "weight_decay": 0.01},
              {"params": tasks.parameters(), "lr": HEAD_RATE, "weight_decay": 0.01}]  # fmt: skip
    optimiser = torch.optim.AdamW(groups)
    steps = epochs * math.ceil(len(data.states) / BATCH)
    warm = max(1, int(WARM_UP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))
    )
    for epoch in range(epochs):
        began = time.monotonic()
        losses = []
        for rows in batches(data.states, generator):
            losses.append(_step(model, tasks, data, rows, optimiser))
            schedule.step()
        print(f"Epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.monotonic() - began:.0f} s", flush=True)


def _step(model: MiniLm, tasks: Tasks, data: Examples, rows: np.ndarray, optimiser: torch.optim.Optimizer) -> float:
    states, mask = padded([data.states[i] for i in rows])
    mask = mask * (torch.rand(mask.shape) > PIECE_DROPOUT)
    mask[:, 0] = 1.0
    with torch.autocast("cpu", torch.bfloat16):
        vectors = model(states, mask)
    loss = loss_of(tasks(*vectors), data.truth, rows)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.item()


def mean_of(fits: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.mean([fit[name] for fit in fits], axis=0) for name in fits[0]}


def factors(change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest product B·A of MERGED_RANK to a matrix [out, in]: A [rank, in] and B [out, rank]."""
    u, size, v = np.linalg.svd(change, full_matrices=False)
    root = np.sqrt(size[:MERGED_RANK])
    return root[:, None] * v[:MERGED_RANK], u[:, :MERGED_RANK] * root


def adapter(corrections: dict[str, np.ndarray], heads: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What `build.py` reads: `NAME.a` and `NAME.b` for each corrected layer, and the heads."""
    found = {"heads.weight": heads["heads.weight"].astype(np.float16), "heads.bias": heads["heads.bias"]}
    for name, change in corrections.items():
        a, b = factors(change)
        found |= {f"{name}.a": a.astype(np.float16), f"{name}.b": b.astype(np.float16)}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Adapt the sentence encoder to our labels.")
    parser.add_argument("model", type=Path, help="the folder of the pinned weights")
    parser.add_argument("out", type=Path, help="the adapter to write, ending in .npz")
    parser.add_argument("--nlu", type=Path, default=Path("data/nlu"), help="the training messages")
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--fits", type=int, default=2, help="how many are averaged")
    options = parser.parse_args()
    messages = read_messages(options.nlu)
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    data = examples(messages, tokenizer, MiniLm(options.model))
    print(f"{len(messages)} messages, {sum(map(len, data.states))} word pieces", flush=True)
    corrections, heads = [], []
    for seed in range(options.fits):
        torch.manual_seed(seed)
        model = MiniLm(options.model)
        tasks = Tasks(model.width)
        adapt(model, tasks, data, options.epochs, seed)
        corrections.append(model.corrections())
        heads.append(tasks.combined())
    np.savez_compressed(options.out, **adapter(mean_of(corrections), mean_of(heads)))


if __name__ == "__main__":
    main()

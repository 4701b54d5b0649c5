"""One message into vectors: the int8 MiniLM graph on ONNX Runtime."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

WIDTH = 384
MAX_PIECES = 192  # word pieces read of a message, start and end marks included
NO_PIECES = np.zeros((0, WIDTH), np.float32)
NO_OPINION = np.zeros(0, np.float32)
TAIL_PIECES = 64  # of these, how many are kept from the end of a longer message: people close with what they want


class EncoderMissing(Exception):
    """The encoder folder is absent or not the one a model was trained with."""


@dataclass(frozen=True)
class Encoding:
    """What one pass says about a message of `n` word pieces."""

    embedding: np.ndarray  # [384] unit-length sentence embedding
    opinion: np.ndarray  # [labels of all heads] logits of the branch adapted to our labels; [0] from a PlainEncoder
    middle: np.ndarray  # [384] mean over pieces of hidden layers 3 and 4
    middle_pieces: np.ndarray  # [n, 384] the same, piece by piece; [0, 384] in training
    last_pieces: np.ndarray  # [n, 384] last hidden layer
    spans: tuple[tuple[int, int], ...]  # where each piece stands in the text

    def fingerprint(self) -> str:
        """Lets Rasa hash messages that carry an encoding."""
        return self.embedding.tobytes().hex()


def shorten(ids: list[int], spans: list[tuple[int, int]]) -> tuple[list[int], list[tuple[int, int]]]:
    """Keep the beginning and the end of a long message."""
    if len(ids) <= MAX_PIECES:
        return ids, spans
    head = MAX_PIECES - TAIL_PIECES
    return ids[:head] + ids[-TAIL_PIECES:], spans[:head] + spans[-TAIL_PIECES:]


class SentenceEncoder:
    """Encodes one message at a time: int8 results would depend on what else is in a batch."""

    graph: ClassVar[str] = "encoder.onnx"

    def __init__(self, folder: Path) -> None:
        self.folder, self.recipe = folder, read_recipe(folder)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a short message gains nothing from a second core
        options.inter_op_num_threads = 1
        if not (folder / self.graph).exists():
            raise _missing(folder)
        self.session = onnxruntime.InferenceSession(str(folder / self.graph), options, ["CPUExecutionProvider"])

    def encode(self, text: str) -> Encoding:
        (embedding, opinion, middle, last), spans = self._run(text, "embedding", "opinion", "middle", "last")
        return Encoding(embedding, opinion, middle.mean(axis=0), middle, last, spans)

    def _run(self, text: str, *outputs: str) -> tuple[list[np.ndarray], tuple[tuple[int, int], ...]]:
        pieces = self.tokenizer.encode(text)
        ids, spans = shorten(pieces.ids, pieces.offsets)
        row = np.asarray([ids], np.int64)
        found = self.session.run(list(outputs), {"input_ids": row, "attention_mask": np.ones_like(row)})
        return [each[0] for each in found], tuple(spans)


class PlainEncoder(SentenceEncoder):
    """Without the adapted branch, of which the heads learn nothing: two fifths of the work on a training message."""

    graph = "plain.onnx"

    def encode(self, text: str) -> Encoding:
        (embedding, middle), _ = self._run(text, "embedding", "middle")
        return Encoding(embedding, NO_OPINION, middle.mean(axis=0), NO_PIECES, NO_PIECES, ())


def read_recipe(folder: Path) -> str:
    """The hash that names an encoder folder's content."""
    try:
        return json.loads((folder / "manifest.json").read_text())["recipe"]
    except (OSError, ValueError, KeyError) as error:
        raise _missing(folder) from error


def _missing(folder: Path) -> EncoderMissing:
    return EncoderMissing(f"No sentence encoder of this version in {folder}: run `make setup`.")


@lru_cache(maxsize=2)
def shared_encoder(folder: Path) -> SentenceEncoder:
    """One session per process, however often Rasa loads the component."""
    return SentenceEncoder(folder)


@lru_cache(maxsize=2)
def plain_encoder(folder: Path) -> PlainEncoder:
    return PlainEncoder(folder)

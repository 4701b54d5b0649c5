"""Keeps the vectors of training messages between trainings, so that only new messages are encoded."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

from bot.nlu.sentence_encoder import WIDTH, Encoding, SentenceEncoder

NO_PIECES = np.zeros((0, WIDTH), np.float32)


class EncodingCache:
    """A folder with one .npz per encoder: row i of `vectors` [n, 768] belongs to `keys[i]`, a text's sha256."""

    def __init__(self, folder: Path, encoder: SentenceEncoder) -> None:
        self.encoder = encoder
        self.path = folder / f"{encoder.recipe[:16]}.npz"
        self.known = self._read()
        self.grown = False

    def encode(self, text: str) -> Encoding:
        key = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        if key not in self.known:
            fresh = self.encoder.encode(text)
            self.known[key] = np.concatenate([fresh.embedding, fresh.middle])
            self.grown = True
        vector = self.known[key]
        return Encoding(vector[:WIDTH], vector[WIDTH:], NO_PIECES, NO_PIECES, ())

    def save(self) -> None:
        if not self.grown:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.path.with_suffix(f".{os.getpid()}.tmp.npz")
        keys = np.frombuffer(b"".join(self.known), np.uint8).reshape(-1, 32)
        np.savez(scratch, keys=keys, vectors=np.stack(list(self.known.values())))
        scratch.replace(self.path)

    def _read(self) -> dict[bytes, np.ndarray]:
        try:
            with np.load(self.path) as stored:
                return dict(zip(map(bytes, stored["keys"]), stored["vectors"]))
        except (OSError, ValueError, KeyError):
            return {}

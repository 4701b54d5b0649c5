"""Keeps the vectors of training messages between trainings, so that only new messages are encoded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bot.nlu.sentence_encoder import NO_PIECES, WIDTH, Encoding, SentenceEncoder


def key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


class EncodingCache:
    """A folder with one .npz per encoder and graph: row i of `vectors` belongs to `keys[i]`, a text's sha256."""

    def __init__(self, folder: Path, encoder: SentenceEncoder) -> None:
        self.encoder = encoder
        self.path = folder / f"{encoder.recipe[:16]}-{Path(encoder.graph).stem}.npz"
        self.known = self._read()
        self.grown = False

    def learn(self, texts: Sequence[str]) -> None:
        """Encode what is not known yet, on every core: the passes run outside Python's lock."""
        fresh = {key(text): text for text in texts}
        fresh = {name: text for name, text in fresh.items() if name not in self.known}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            self.known.update(zip(fresh, pool.map(self._vector, fresh.values())))
        self.grown = self.grown or bool(fresh)

    def _vector(self, text: str) -> np.ndarray:
        encoding = self.encoder.encode(text)
        return np.concatenate([encoding.embedding, encoding.middle, encoding.opinion])

    def encode(self, text: str) -> Encoding:
        if key(text) not in self.known:
            self.learn([text])
        vector = self.known[key(text)]
        embedding, middle, opinion = np.split(vector, [WIDTH, 2 * WIDTH])
        return Encoding(embedding, opinion, middle, NO_PIECES, NO_PIECES, ())

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

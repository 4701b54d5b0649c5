"""Everything the heads look at, as one sparse row per message."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu import cues
from bot.nlu.sentence_encoder import WIDTH, Encoding

BLOCKS = ("embedding", "middle", "cues", "words", "characters")  # the order of a row's columns
WORDS = {"ngram_range": (1, 2), "min_df": 2, "sublinear_tf": True, "token_pattern": r"(?u)\b\w[\w']*\b|[?!]+"}
CHARACTERS = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 3, "sublinear_tf": True}


class FeatureSpace:
    """[embedding 384 | middle layers 384 | cues | word tf-idf | character tf-idf], fitted on the training messages."""

    def __init__(self) -> None:
        self.words = TfidfVectorizer(**WORDS)
        self.characters = TfidfVectorizer(**CHARACTERS)
        self.centre = np.zeros(WIDTH, np.float32)
        self.spread = np.ones(WIDTH, np.float32)

    def fit(self, texts: list[str], encodings: list[Encoding]) -> FeatureSpace:
        self.words.fit(texts)
        self.characters.fit(texts)
        middle = np.stack([encoding.middle for encoding in encodings])
        self.centre = middle.mean(axis=0)
        self.spread = middle.std(axis=0) * np.sqrt(WIDTH)  # rows get about unit length, like the embedding
        return self

    def rows(self, texts: list[str], encodings: list[Encoding]) -> sparse.csr_matrix:
        """Shape [messages, features]."""
        dense = np.stack([self._dense(text, encoding) for text, encoding in zip(texts, encodings)])
        surface = [self.words.transform(texts), self.characters.transform(texts)]
        return sparse.hstack([sparse.csr_matrix(dense), *surface], format="csr", dtype=np.float32)

    def scale(self, weights: dict[str, float]) -> np.ndarray:
        """How much each column counts for a head that weighs the blocks so; shape [features]."""
        widths = (WIDTH, WIDTH, len(cues.NAMES), len(self.words.vocabulary_), len(self.characters.vocabulary_))
        return np.repeat([weights[block] for block in BLOCKS], widths).astype(np.float32)

    def _dense(self, text: str, encoding: Encoding) -> np.ndarray:
        middle = (encoding.middle - self.centre) / self.spread
        return np.concatenate([encoding.embedding, middle, cues.count(text)])

    def save(self, folder: Path) -> None:
        np.savez(folder / "middle.npz", centre=self.centre, spread=self.spread)
        for name, vectorizer in (("words", self.words), ("characters", self.characters)):
            vocabulary = {term: int(column) for term, column in vectorizer.vocabulary_.items()}
            content = {"vocabulary": vocabulary, "idf": vectorizer.idf_.tolist()}
            (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> FeatureSpace:
        space = cls()
        with np.load(folder / "middle.npz") as stored:
            space.centre, space.spread = stored["centre"], stored["spread"]
        space.words = _vectorizer(folder / "words.json", WORDS)
        space.characters = _vectorizer(folder / "characters.json", CHARACTERS)
        return space


def _vectorizer(path: Path, settings: dict) -> TfidfVectorizer:
    content = json.loads(path.read_text(encoding="utf-8"))
    vectorizer = TfidfVectorizer(**settings, vocabulary=content["vocabulary"])
    vectorizer.idf_ = np.asarray(content["idf"])
    return vectorizer

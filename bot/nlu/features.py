"""Everything the heads look at, as one sparse row per message."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.sentence_encoder import WIDTH, Encoding

TFIDF_WEIGHT = 0.7  # beside unit-length embeddings; chosen by cross-validation
WORDS = {"ngram_range": (1, 2), "min_df": 2, "sublinear_tf": True, "token_pattern": r"(?u)\b\w[\w']*\b|[?!]+"}
CHARACTERS = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 3, "sublinear_tf": True}


class FeatureSpace:
    """[embedding 384 | middle layers 384 | word tf-idf | character tf-idf], fitted on the training messages."""

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
        dense = np.stack([self._dense(encoding) for encoding in encodings])
        surface = [self.words.transform(texts), self.characters.transform(texts)]
        parts = [sparse.csr_matrix(dense), *(TFIDF_WEIGHT * part for part in surface)]
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def _dense(self, encoding: Encoding) -> np.ndarray:
        return np.concatenate([encoding.embedding, (encoding.middle - self.centre) / self.spread])

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

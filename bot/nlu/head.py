"""A light head: one logistic regression per label, on the shared rows."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bot.nlu.features import Row


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def softmax(x: np.ndarray) -> np.ndarray:
    """Along the last axis."""
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


class Head:
    """Linear scores for `labels`: weights [labels, features], biases [labels]."""

    def __init__(self, labels: tuple[str, ...], weights: np.ndarray, biases: np.ndarray) -> None:
        self.labels = labels
        self.weights = weights
        self.biases = biases
        self.by_feature = np.ascontiguousarray(weights.T)  # [features, labels]: a message needs few of its rows

    @classmethod
    def fit(cls, labels: tuple[str, ...], rows: sparse.csr_matrix, truth: np.ndarray, scale: np.ndarray,
            strength: float) -> Head:  # fmt: skip
        """`truth` is 0/1 of shape [messages, labels], `strength` the inverse regularisation.

        `scale` [features] says how much each column counts; it is folded into the weights afterwards.
        """
        scaled = rows.copy()
        scaled.data *= scale[scaled.indices]
        scaled.eliminate_zeros()  # most cues of most messages: a tenth of what is read again and again
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # liblinear runs outside Python's lock
            fitted = list(pool.map(lambda column: _fit_one(scaled, column, strength), truth.T))
        weights, biases = zip(*fitted)
        return cls(labels, np.stack(weights) * scale, np.asarray(biases, np.float32))

    def logits(self, row: Row) -> np.ndarray:
        """Shape [labels]."""
        return row.values @ self.by_feature[row.columns] + self.biases

    def save(self, folder: Path) -> None:
        labels = np.asarray(self.labels)
        np.savez(folder / "head.npz", labels=labels, weights=self.weights, biases=self.biases)

    @classmethod
    def load(cls, folder: Path) -> Head:
        with np.load(folder / "head.npz") as stored:
            return cls(tuple(stored["labels"].tolist()), stored["weights"], stored["biases"])


def _fit_one(rows: sparse.csr_matrix, truth: np.ndarray, strength: float) -> tuple[np.ndarray, float]:
    if truth.min() == truth.max():  # nothing to learn: a constant score
        return np.zeros(rows.shape[1], np.float32), 10.0 if truth.max() else -10.0
    # The dual form is three times as fast here, and the same to three decimals at this tolerance (its own default).
    model = LogisticRegression(C=strength, solver="liblinear", dual=True, tol=0.1, max_iter=1000, random_state=0)
    model.fit(rows, truth)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])

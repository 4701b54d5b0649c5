"""Folds for cross-validation in which every label has about its share, the rare ones too."""

from __future__ import annotations

import numpy as np


def stratified(truth: np.ndarray, folds: int) -> np.ndarray:
    """The fold of each message [messages], from 0/1 labels [messages, labels].

    The rarest label is dealt out first, each of its messages to the fold that has fewest of it: what is common evens
    out by itself.
    """
    generator = np.random.default_rng(0)
    truth = truth.astype(bool)
    fold = np.full(len(truth), -1)
    sizes = np.zeros(folds, int)
    for label in np.argsort(truth.sum(axis=0), kind="stable"):
        has = truth[:, label]
        counts = np.array([(has & (fold == f)).sum() for f in range(folds)])
        for message in generator.permutation(np.flatnonzero(has & (fold < 0))):
            chosen = min(range(folds), key=lambda f: (counts[f], sizes[f]))
            fold[message] = chosen
            counts[chosen] += 1
            sizes[chosen] += 1
    for message in generator.permutation(np.flatnonzero(fold < 0)):  # those without any label
        fold[message] = int(sizes.argmin())
        sizes[fold[message]] += 1
    return fold

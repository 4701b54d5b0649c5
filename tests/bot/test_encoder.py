"""The encoder's folder and the cache of training vectors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.encoder import fetch_and_build
from bot.home import CHECKOUT, home
from bot.nlu import ahead
from bot.nlu.encoding_cache import EncodingCache, key
from bot.nlu.labels import CHALLENGES, HEADS, columns
from bot.nlu.sentence_encoder import (
    MAX_PIECES,
    WIDTH,
    EncoderMissing,
    PlainEncoder,
    SentenceEncoder,
    read_recipe,
    shorten,
)

ENCODER = home() / "encoder"


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    if not (ENCODER / "manifest.json").exists():
        pytest.skip("No sentence encoder: run `python -m bot.encoder.fetch_and_build`.")
    return SentenceEncoder(ENCODER)


def test_alike_messages_lie_closer_than_others(encoder: SentenceEncoder) -> None:
    late, overdue, thanks = (
        encoder.encode(t).embedding for t in ("my parcel is late", "package overdue", "thank you")
    )
    assert late @ overdue > late @ thanks


def test_an_embedding_has_unit_length(encoder: SentenceEncoder) -> None:
    assert np.linalg.norm(encoder.encode("hello").embedding) == pytest.approx(1, abs=1e-4)


def test_a_long_message_is_read_at_both_ends(encoder: SentenceEncoder) -> None:
    assert encoder.encode("word " * 5000).middle_pieces.shape == (MAX_PIECES, WIDTH)


def test_a_short_message_is_kept_whole() -> None:
    assert shorten([1, 2, 3], [(0, 0)] * 3)[0] == [1, 2, 3]


def test_a_missing_encoder_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match="make setup"):
        read_recipe(tmp_path)


def test_the_cache_gives_back_what_was_encoded(encoder: SentenceEncoder, tmp_path: Path) -> None:
    first = EncodingCache(tmp_path, encoder)
    fresh = first.encode("a parcel")
    first.save()
    assert np.array_equal(EncodingCache(tmp_path, encoder).encode("a parcel").middle, fresh.middle)


def test_messages_to_train_on_are_encoded_as_those_that_are_answered(encoder: SentenceEncoder) -> None:
    plain, whole = PlainEncoder(ENCODER).encode("where's my parcel"), encoder.encode("where's my parcel")
    assert np.array_equal(plain.embedding, whole.embedding)
    assert np.array_equal(plain.middle, whole.middle)


def test_what_is_encoded_ahead_is_in_the_cache_and_a_file_that_is_no_yaml_keeps_nobody_from_it(
    encoder: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "encoder").symlink_to(ENCODER)
    monkeypatch.setenv("REDRESS_HOME", str(tmp_path))
    nlu = tmp_path / "data" / "nlu"
    nlu.mkdir(parents=True)
    (nlu / "broken.yml").write_text("nlu: [")
    (nlu / "thank.yml").write_text("nlu:\n- intent: thank\n  examples:\n  - text: 'ta very much'\n")
    ahead.begin(tmp_path)
    ahead.wait()
    assert set(EncodingCache(tmp_path / "cache" / "encodings", PlainEncoder(ENCODER)).known) == {key("ta very much")}


def test_encoding_ahead_ends_when_it_is_asked_to(
    encoder: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "encoder").symlink_to(ENCODER)
    monkeypatch.setenv("REDRESS_HOME", str(tmp_path))
    ahead.begin(CHECKOUT)
    ahead.end()
    assert not ahead.begun()


def test_a_damaged_cache_is_made_anew(encoder: SentenceEncoder, tmp_path: Path) -> None:
    cache = EncodingCache(tmp_path, encoder)
    cache.path.write_bytes(b"not an archive")
    assert EncodingCache(tmp_path, encoder).known == {}


def test_a_folder_of_another_recipe_is_not_current(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"recipe": "other", "files": {}}))
    assert not fetch_and_build.is_current(tmp_path)


def test_a_damaged_file_is_not_current(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_text("damaged")
    manifest = {"recipe": fetch_and_build.recipe(), "files": {"encoder.onnx": "0" * 64}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert not fetch_and_build.is_current(tmp_path)


def test_the_adapted_branch_has_an_opinion_of_every_label_of_every_head(encoder: SentenceEncoder) -> None:
    labels = [label for head in HEADS.values() for label in head]
    assert encoder.encode("my parcel is late").opinion.shape == (len(labels),)
    assert [labels[columns(head)] for head in HEADS] == [list(names) for names in HEADS.values()]


def test_the_adapted_branch_tells_problems_apart(encoder: SentenceEncoder) -> None:
    for text, expected in (
        ("my parcel is two days late", "late_delivery"),
        ("you charged me twice", "billing_error"),
    ):
        opinion = encoder.encode(text).opinion[columns("challenges")]
        assert CHALLENGES[int(opinion.argmax())] == expected

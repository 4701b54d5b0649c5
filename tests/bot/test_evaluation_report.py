"""From a few answers to a page: nothing of the test set is quoted, and every figure has its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from bot.evaluation import conversations, keywords, metrics, ours, pictures, stock
from bot.evaluation.answers import LABELS, Judged, result
from bot.evaluation.confusions import NOTHING, matrix, names, pairs, worst
from bot.evaluation.markdown import quoted
from bot.evaluation.page import page
from bot.evaluation.report import BEGIN, END, NoMarkers, draw, placed
from bot.evaluation.slices import PLAIN, slices
from bot.evaluation.tables import Measured
from bot.home import CHECKOUT
from bot.nlu.labels import ACTS, TRIGGERS
from bot.scores import read_messages, score_messages
from bot.understand import load

SECRET = "a message that only the test set has"


def message(text: str, act: str = "report_problem", challenges: tuple[str, ...] = (), level: int = 0,
            triggers: tuple[str, ...] = (), variety: tuple[str, ...] = ()) -> dict[str, Any]:  # fmt: skip
    return {"text": text, "dialogue_act": act, "challenges": list(challenges), "frustration": level,
            "triggers": list(triggers), "variety": list(variety)}  # fmt: skip


def chances(messages: list[dict[str, Any]]) -> dict[str, list[list[float]]]:
    widths = {head: 3 if head == "levels" else len(labels) for head, labels in LABELS.items()}
    return {head: [[0.9] + [0.2] * (width - 1) for _ in messages] for head, width in widths.items()}


LATE = message("where is it, it is a week late", challenges=("late_delivery",), level=1, triggers=("long_wait",))
TWO = message("late and broken", challenges=("late_delivery", "damaged_item"), variety=("several",))
POEM = message("write me a poem", act="out_of_scope")
RIGHT = result("report_problem", ["late_delivery"], 1, ["long_wait"])
WRONG = result("ask_status", ["lost_parcel"], 0, [])
MESSAGES = [LATE, TWO, POEM] * 3
ANSWERS = [RIGHT, WRONG, result("out_of_scope", [], 0, [], "out_of_scope")] * 3
TALK = {"id": "c1", "turns": [{"who": "customer", "text": SECRET, "frustration": 0}, {"who": "bot", "text": "Sorry."},
                              {"who": "customer", "text": "a person!", "frustration": 2}], "escalate": True,
        "escalate_at": 2}  # fmt: skip
READ = [{"turn": 0, "level": 0, "escalate": False}, {"turn": 2, "level": 2, "escalate": True}]


def measured() -> Measured:
    hidden = [{**m, "text": f"{SECRET} {m['text']}"} for m in MESSAGES]
    judged = {"test": Judged(hidden, ANSWERS, chances(hidden)), "dev": Judged(MESSAGES, ANSWERS, chances(MESSAGES))}
    about = {"at": "2026-11-22T16:00+00:00", "model": "m", "calibration": "c", "stock_epochs": 3,
             "training": {"messages": 9, "hash": "h"}, "sets": {"dev": {"messages": 9, "hash": "h"}}}  # fmt: skip
    systems = {"ours": {**judged, "training": judged["dev"]}, "stock": judged, "keywords": judged}
    readings = {"test": {system: [READ] for system in systems}}
    return Measured(about, systems, {"test": [TALK]}, readings, {"ours": [0.004, 0.005], "stock": [0.01, 0.02]})


def test_the_page_tells_of_every_set_and_quotes_nothing_of_the_test_set() -> None:
    made = page(measured())
    assert SECRET not in made
    assert quoted(TWO["text"]) in made
    for title in ("### Test set", "### Development sets", "### Whole conversations", "### Out of scope", "### Calibration",
                  "### Slices of the test set", "### Label by label", "### Confusions", "### Speed"):  # fmt: skip
        assert title in made


def test_every_table_of_the_page_has_rows_as_wide_as_its_head() -> None:
    for block in re.findall(r"(?:^\|.*\n)+", page(measured()), re.M):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block


def test_the_difference_to_stock_is_nought_when_both_answer_alike() -> None:
    row = next(line for line in page(measured()).splitlines() if line.startswith("| triggers, macro F1"))
    assert row.count(".000 (.000 to .000)") == 1


def test_only_what_stands_between_the_markers_is_written_anew() -> None:
    text = f"# Ours\n\nbefore\n\n{BEGIN}\nold\n{END}\n\nafter\n"
    again = placed(placed(text, "new"), "newer")
    assert again == f"# Ours\n\nbefore\n\n{BEGIN}\n\nnewer\n{END}\n\nafter\n"
    with pytest.raises(NoMarkers):
        placed("# Ours\n", "new")


def test_the_page_in_docs_has_its_markers_and_its_pictures() -> None:
    page_file = CHECKOUT / "docs" / "evaluation.md"
    made = page_file.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    linked = re.findall(r"!\[[^]]+]\(([^)]+)\)", made)
    assert len(linked) == 2 * len(LABELS)
    for name in linked:
        ElementTree.parse(page_file.parent / name)  # noqa: S314 - our own picture


def test_no_message_of_the_test_set_is_in_docs() -> None:
    shown = (CHECKOUT / "docs" / "evaluation.md").read_text("utf-8")
    hidden = read_messages(CHECKOUT / "tests" / "nlu" / "test.jsonl")
    assert not [m["id"] for m in hidden if len(m["text"]) > 20 and quoted(m["text"]) in shown]


def test_pictures_are_small_and_well_formed() -> None:
    for drawn in draw(measured()).values():
        assert ElementTree.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - as above
        assert len(drawn) < 60_000


def test_a_diagram_without_points_is_still_one() -> None:
    drawn = pictures.reliability_diagram("none", {"ours": []})
    assert "share that came true" in ElementTree.fromstring(drawn).itertext()  # noqa: S314 - as above


def test_a_missed_label_is_confused_with_what_was_found_in_its_place() -> None:
    assert pairs("challenges", TWO, result("inform", ["late_delivery", "lost_parcel"], 0, [])) == [
        ("late_delivery", "late_delivery"),
        ("damaged_item", "lost_parcel"),
    ]
    assert pairs("challenges", POEM, RIGHT) == [(NOTHING, "late_delivery")]
    assert pairs("challenges", LATE, result("inform", [], 0, [])) == [("late_delivery", NOTHING)]


def test_the_matrix_counts_hits_on_its_diagonal() -> None:
    judged = Judged(MESSAGES, ANSWERS, {})
    counts, order = matrix("challenges", judged), names("challenges")
    assert counts[order.index("late_delivery"), order.index("late_delivery")] == 3
    assert counts[order.index("damaged_item"), order.index("lost_parcel")] == 3
    assert [(c.truth, c.found, len(c.messages)) for c in worst("acts", judged, 5)] == [
        ("report_problem", "ask_status", 3)
    ]


def test_slices_are_by_variety_and_by_length_and_none_is_too_small() -> None:
    found = slices([message("one two"), message("one"), message("late " * 9, variety=("in_en",))] * 3)
    assert found == {PLAIN: [0, 1, 3, 4, 6, 7], "Indian English": [2, 5, 8], "1 to 5 words": [0, 1, 3, 4, 6, 7],
                     "6 to 15 words": [2, 5, 8]}  # fmt: skip


def test_a_conversation_is_right_when_a_person_is_called_where_one_is_due() -> None:
    calm = {"turns": [{"who": "customer", "text": "hi", "frustration": 0, "person_due": False}]}
    unread = [{"turn": 0, "level": 0, "escalate": True}]
    scores = conversations.scores([TALK, calm], [READ, unread], metrics.draws_of(2))
    assert float(scores["a person is called for, recall"][0]) == 1
    assert float(scores["a person is called for, precision"][0]) == 0.5
    assert float(scores["of those due, called at the very turn"][0]) == 1
    assert float(scores["frustration after each turn, quadratic kappa"][0]) == 1


def test_a_person_is_due_from_the_first_turn_that_says_so() -> None:
    turns = [{"who": "customer", "person_due": due, "text": "", "frustration": 0} for due in (False, True, True)]
    assert conversations.due_at({"turns": turns}) == 1
    assert conversations.due_at({"turns": turns[:1]}) is None


def test_keywords_match_whole_words_and_their_stems() -> None:
    told = keywords.answer("It’s LATE and I want a refund please, this is a scammers' shop")
    assert [c["type"] for c in told["challenges"]] == ["late_delivery"]
    assert told["frustration"]["level"] == 3
    assert keywords.answer("translate this")["challenges"] == []


def test_the_keyword_list_names_only_labels_there_are() -> None:
    for head, known in keywords.patterns().items():
        assert {str(label) for label in known} <= set(LABELS[head])


def test_several_labels_are_one_intent_of_the_stock_pipeline_and_come_apart_again() -> None:
    assert stock.joined("challenges", TWO) == "damaged_item+late_delivery"
    assert stock.joined("challenges", POEM) == "none"
    assert stock.parted("damaged_item+late_delivery") == ["damaged_item", "late_delivery"]
    ranking = [("nlu_fallback", 0.3), ("damaged_item+late_delivery", 0.25), ("late_delivery", 0.2), ("none", 0.1)]
    assert stock.best({"ranking": ranking}) == ["damaged_item", "late_delivery"]
    spread = dict(zip(LABELS["challenges"], stock.spread("challenges", ranking)))
    assert (spread["late_delivery"], spread["damaged_item"], spread["lost_parcel"]) == (0.45, 0.25, 0)


def test_a_stock_model_is_kept_under_a_name_that_follows_from_what_it_learnt() -> None:
    one = stock.StockModel("acts", [("hi", "greet")], 2)
    assert one.key == stock.StockModel("acts", [("hi", "greet")], 2).key
    assert (
        len({one.key, stock.StockModel("acts", [("hi", "greet")], 3).key, stock.StockModel("acts", [], 2).key}) == 3
    )


def test_out_of_fold_answers_are_worked_out_as_the_live_components_do(real_model: Path) -> None:
    texts = [
        "my parcel is three weeks late!!",
        "thanks a lot",
        "asdkjh qwlekj zxmcnb",
        "the kettle gave me a shock",
        "?",
    ]
    logits = score_messages(real_model, [message(text) for text in texts]).logits
    worked_out = ours.concluded(logits, texts, ours.shipped())
    parse = load(real_model)
    for text, mine in zip(texts, worked_out):
        live = parse(text)
        assert mine["dialogue_act"]["name"] == live["dialogue_act"]["name"]
        assert {c["type"] for c in mine["challenges"]} == {c["type"] for c in live["challenges"]}
        assert {t["name"] for t in mine["triggers"]} == {t["name"] for t in live["triggers"]}
        assert mine["frustration"]["level"] == live["frustration"]["level"]
        assert mine["unclear"] == live["unclear"]


def test_judgements_for_calibration_are_the_best_act_and_every_likely_label() -> None:
    told = {"acts": [[0.0] * (len(ACTS) - 1) + [1.0]], "triggers": [[0.5, 0.05] + [0.0] * (len(TRIGGERS) - 2)],
            "levels": [[0.9, 0.2, 0.1]]}  # fmt: skip
    judged = Judged([LATE], [RIGHT], told)
    assert [part.tolist() for part in judged.judgements("acts") or ()] == [[1.0], [False], [0]]
    assert [part.tolist() for part in judged.judgements("triggers") or ()] == [[0.5], [False], [0]]
    assert [part.tolist() for part in judged.judgements("levels") or ()] == [
        [0.9, 0.2, 0.1],
        [True, False, False],
        [0] * 3,
    ]
    assert judged.judgements("challenges") is None
    assert isinstance(judged.level_found, np.ndarray)

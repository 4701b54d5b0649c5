"""The generated part of docs/evaluation.md, section by section."""

from __future__ import annotations

from bot.evaluation import conversations, figures, markdown, metrics
from bot.evaluation.tables import (
    HEAD_NAMES,
    SLICE_HEADS,
    Measured,
    calibration_rows,
    compared,
    confusion_lines,
    draws_for,
    label_table,
    slice_rows,
    speed_rows,
)

PICTURES = "evaluation"  # the folder beside the page
SETS = {"test": "test set", "dev": "development sets", "training": "training messages, out of fold"}
INTERVALS = (
    f"In brackets: 95% intervals from {metrics.SAMPLES:,} bootstrap draws of messages, the same draws for every system "
    "(conversations are drawn whole). “Ours − stock” is the paired difference: beyond luck where its interval holds no 0."
)
OUT_OF_FOLD = (
    "Each message by heads, features, calibration and thresholds that were fitted without it. The adapted branch of the "
    "encoder was fitted to all of these messages, so it has no say here: these are the light heads alone, not the pipeline."
)
CONVERSATIONS = (
    "Read by the rules that run live (`redress assess`), on each system's own understanding of the customer's turns."
)
CALIBRATION = (
    "The mean gap between the chance given and the share that came true (ECE): of the best act, of every challenge type "
    "and trigger given at least one chance in ten, of the frustration being at least 1, 2 and 3. The pictures are of the "
    "test set."
)
SLICES = "Ours{beside}. F1 is over all labels together. A slice of few messages says little: look at its interval."
SPEED = (
    "One message at a time, one thread. Ours is everything: encoder, four heads and entities. Stock is one head of the four "
    "that it would take. What else the machine did meanwhile is in it: compare the rows; `make bench` is for a quiet one."
)


def page(measured: Measured) -> str:
    sections = [
        opening(measured),
        *(main_section(measured, name) for name in ("test", "dev")),
        out_of_fold_section(measured),
        conversation_section(measured),
        scope_section(measured),
        calibration_section(measured),
        *(slice_section(measured, name) for name in ("test", "dev")),
        label_section(measured),
        confusion_pictures(),
        *(confusion_section(measured, name) for name in ("dev", "training")),
        speed_section(measured),
    ]
    return "\n\n".join(sections) + "\n"


def opening(measured: Measured) -> str:
    told = measured.about
    parts = {"training": told["training"], **told["sets"]}
    counts = ", ".join(f"{name} {part['messages']} (`{part['hash']}`)" for name, part in parts.items())
    stock = f"stock Rasa: {told['stock_epochs']} epochs a head" if told["stock_epochs"] else "stock Rasa: not in this run"
    when = told["at"][:16].replace("T", " at ")
    first = (
        f"Measured {when} UTC. Model `{told['model']}`, calibration `{told['calibration']}`; messages: {counts}; {stock}."
    )
    return f"{first}\n\n{INTERVALS}"


def out_of_fold_section(measured: Measured) -> str:
    return f"{main_section(measured, 'training')}\n\n{OUT_OF_FOLD}"


def main_section(measured: Measured, name: str) -> str:
    systems = measured.systems(name)
    scores = {system: figures.main_scores(judged, draws_for(systems)) for system, judged in systems.items()}
    title = f"### {SETS[name].capitalize()}: {len(systems['ours'].messages)} messages"
    return f"{title}\n\n{compared(scores, figures.AIMS)}"


def conversation_section(measured: Measured) -> str:
    parts = [f"### Whole conversations\n\n{CONVERSATIONS}"]
    for name in sorted(measured.readings, reverse=True):  # the test set first
        known, read = measured.conversations[name], measured.readings[name]
        draws, due = metrics.draws_of(len(known)), sum(conversations.due_at(c) is not None for c in known)
        scores = {system: conversations.scores(known, readings, draws) for system, readings in read.items()}
        title = f"**{SETS[name].capitalize()}: {len(known)} conversations, a person is due in {due}**"
        parts.append(f"{title}\n\n{compared(scores, conversations.AIM)}")
    return "\n\n".join(parts)


def scope_section(measured: Measured) -> str:
    parts = ["### Out of scope"]
    for name in ("test", "dev"):
        systems = measured.systems(name)
        messages = systems["ours"].messages
        n = sum(message["dialogue_act"] == "out_of_scope" for message in messages)
        scores = {system: figures.scope_scores(judged, draws_for(systems)) for system, judged in systems.items()}
        parts.append(f"**{SETS[name].capitalize()}: {n} of {len(messages)} messages are**\n\n{compared(scores)}")
    return "\n\n".join(parts)


def calibration_section(measured: Measured) -> str:
    rows = [row for name in SETS for row in calibration_rows(SETS[name], measured.systems(name))]
    told = markdown.table(["", "", *HEAD_NAMES.values()], rows)
    return f"### Calibration\n\n{CALIBRATION}\n\n{told}\n\n{_pictures('reliability')}"


def confusion_pictures() -> str:
    return f"### Confusions on the test set\n\n{_pictures('confusion')}"


def _pictures(kind: str) -> str:
    return "\n".join(f"![{kind} of {name}]({PICTURES}/{kind}-{head}.svg)" for head, name in HEAD_NAMES.items())


def slice_section(measured: Measured, name: str) -> str:
    systems = measured.systems(name)
    about = SLICES.format(beside="; after the slash, stock Rasa" if "stock" in systems else "")
    told = markdown.table(["slice", "n", *SLICE_HEADS.values()], list(slice_rows(systems)))
    return f"### Slices of the {SETS[name]}\n\n{about}\n\n{told}"


def label_section(measured: Measured) -> str:
    systems, dev = measured.systems("test"), measured.judged["ours"]["dev"]
    tables = (label_table(head, systems, dev) for head in HEAD_NAMES)
    return "\n\n".join(["### Label by label, on the test set", *tables])


def confusion_section(measured: Measured, name: str) -> str:
    """With messages: never of the test set."""
    judged = measured.judged["ours"][name]
    heads = ("\n".join([f"**{title}**\n", *confusion_lines(judged, head)]) for head, title in HEAD_NAMES.items())
    return "\n\n".join([f"### Worst confusions of the {SETS[name]}", *heads])


def speed_section(measured: Measured) -> str:
    rows = list(speed_rows(measured.seconds))
    return f"### Speed of a parse\n\n{SPEED}\n\n{markdown.table(['', 'median', '95th percentile', 'of'], rows)}"

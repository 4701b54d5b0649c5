"""What is recovered how, as a table for people, made from the playbook so that it cannot drift."""

from recovery.playbook import Amount, Entitlement, Playbook
from recovery.words import Remedy

START = "<!-- made by `redress playbook table` -->"
END = "<!-- end of what `redress playbook table` made -->"


def table(playbook: Playbook) -> str:
    """A Markdown table: a row for each challenge type with its remedies in the order they are offered."""
    rows = [
        f"| {rule.title} | {rule.severity.word} | {_remedies(playbook, challenge.value)} | {rule.team} |"
        for challenge, rule in playbook.challenges.items()
    ]
    head = [
        "| what went wrong | begins as | what the bot may offer, best first | who takes over |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows])


def _remedies(playbook: Playbook, challenge: str) -> str:
    rules = [r for r in playbook.policy if challenge in r.challenges]
    best: dict[Remedy, str] = {}
    for rule in rules:
        for entitlement in rule.entitlements:
            best.setdefault(entitlement.remedy, _named(entitlement, playbook))
    return "; ".join(best.values()) or "a person decides"


def _named(entitlement: Entitlement, playbook: Playbook) -> str:
    name = entitlement.remedy.replace("_", " ")
    amount = _amount(entitlement.amount, playbook)
    return f"{name} ({amount})" if amount else name


def _amount(amount: Amount, playbook: Playbook) -> str:
    parts = []
    if amount.percent_of_order:
        parts.append("in full" if amount.percent_of_order == 100 else f"{amount.percent_of_order}% of the order")
    if amount.fixed:
        parts.append(playbook.money(amount.fixed))
    if amount.per_day_late:
        parts.append(f"{playbook.money(amount.per_day_late)} a day late")
    text = " + ".join(parts)
    return f"{text}, at most {playbook.money(amount.at_most)}" if text and amount.at_most else text


def replaced_in(text: str, made: str) -> str:
    """A document with the table between its marks made anew. Raises ValueError when a mark is missing."""
    before, rest = text.split(START, 1)
    _, after = rest.split(END, 1)
    return f"{before}{START}\n\n{made}\n\n{END}{after}"

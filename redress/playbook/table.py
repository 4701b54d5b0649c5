"""What is recovered how, as a table for people, made from the playbook so that it cannot drift."""

from recovery.playbook import Amount, ChallengeRule, Entitlement, Playbook
from recovery.purse import OWN_MONEY
from recovery.words import ChallengeType, Remedy, Role
from redress.playbook.first_fit import Fits, first_fits, words_of

START = "<!-- made by `redress playbook table` -->"
END = "<!-- end of what `redress playbook table` made -->"
MONEY = OWN_MONEY | {Remedy.PARTIAL_REFUND, Remedy.VOUCHER, Remedy.SERVICE_CREDIT}
HOW_TO_READ = """\
How to read it: find what went wrong and go down its rows. **The first row whose “when” fits is what is given**, and
none below it; “else” is whatever is left. The bot offers two at a time, best first, and the next two after a refusal.
“With £5” is a voucher or a credit on top, and “£5 to £15” the least and the most. Vouchers, credits and money on top
grow by up to {most}% for those whom we owe more. A sum above {limit} that is owed is confirmed by a person. Safety
and security always go to a person, who has these at hand."""


def table(playbook: Playbook) -> str:
    """How to read it, and a Markdown table: for each challenge type its rows, of which the first that fits holds."""
    rows = [row for challenge, rule in playbook.challenges.items() for row in _rows(playbook, challenge, rule)]
    head = [
        "| what went wrong | when | what the bot may offer, best first | who takes over |",
        "|---|---|---|---|",
    ]
    return "\n".join([_how_to_read(playbook), "", *head, *rows])


def _how_to_read(playbook: Playbook) -> str:
    most = max((g.percent_more for g in playbook.goodwill), default=0)
    limit = playbook.money(playbook.empowerment[Role.BOT].per_grant)
    return HOW_TO_READ.format(most=most, limit=limit)


def _rows(playbook: Playbook, challenge: ChallengeType, rule: ChallengeRule) -> list[str]:
    """The first names what went wrong, how grave it is taken to be at first, and the team; the others only differ."""
    fits = first_fits(playbook, challenge, rule.severity)
    named = [f"**{rule.title}**, begins as {rule.severity.word}", *([""] * (len(fits) - 1))]
    teams = [rule.team, *([""] * (len(fits) - 1))]
    return [
        f"| {title} | {_when(fit, playbook, alone=len(fits) == 1)} | {_remedies(fit, playbook)} | {team} |"
        for title, team, fit in zip(named, teams, fits, strict=True)
    ]


def _when(fit: Fits, playbook: Playbook, *, alone: bool) -> str:
    told = ", ".join(words_of(fact, values, playbook) for fact, values in fit.when)
    return told or ("always" if alone else "else")


def _remedies(fit: Fits, playbook: Playbook) -> str:
    return "; ".join(_named(e, playbook) for e in fit.gives) or "a person decides"


def _named(entitlement: Entitlement, playbook: Playbook) -> str:
    name = entitlement.remedy.replace("_", " ")
    amount = _amount(entitlement.amount, playbook)
    if not amount:
        return name
    return f"{name} ({amount})" if entitlement.remedy in MONEY else f"{name} with {amount}"


def _amount(amount: Amount, playbook: Playbook) -> str:
    parts = []
    if amount.percent_of_order:
        parts.append("in full" if amount.percent_of_order == 100 else f"{amount.percent_of_order}% of the order")
    if amount.fixed:
        parts.append(playbook.money(amount.fixed))
    if amount.per_day_late:
        parts.append(f"{playbook.money(amount.per_day_late)} a day late")
    return " + ".join(parts) + _bounds(amount, playbook) if parts else ""


def _bounds(amount: Amount, playbook: Playbook) -> str:
    least = playbook.money(amount.at_least) if amount.at_least else ""
    most = playbook.money(amount.at_most) if amount.at_most else ""
    if least and most:
        return f", {least} to {most}"
    return f", at least {least}" if least else f", at most {most}" if most else ""


def replaced_in(text: str, made: str) -> str:
    """A document with the table between its marks made anew. Raises ValueError when a mark is missing."""
    before, rest = text.split(START, 1)
    _, after = rest.split(END, 1)
    return f"{before}{START}\n\n{made}\n\n{END}{after}"

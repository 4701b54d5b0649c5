"""Asked what we decided: the latest settled case of the order that is asked about, and what was given for it."""

import re

from recovery.choosing import plain
from recovery.dates import day
from recovery.decision import Part
from recovery.playbook import Playbook
from recovery.records import Case, Compensation, Order
from recovery.situation import Situation

_WE = r"(?:you|u|they|he|she|your \w+)(?: (?:guys|lot|people|all))?"
ASKED = re.compile(
    rf"\b(?:what|how) (?:did|have|had|has) {_WE} (?:decid|agree|settle|conclud|end up)"
    r"|\bwhat(?:'?s| was| is| were)? (?:the |your )?(?:decision|outcome|verdict|result|decided|agreed)\b"
    rf"|\b(?:did|have) {_WE} (?:ever |already )?(?:decided?|made? (?:a|your) decision)"
)


def told(s: Situation, order: Order | None) -> Part | None:
    """What was decided, or None when that is not asked or nothing was given."""
    if s.history is None or order is None or not ASKED.search(plain(s.heard.text)):
        return None
    given = {c.case_id: c for c in sorted(s.history.compensations, key=lambda c: c.granted_at)}
    settled = [c for c in s.history.cases if not c.is_open and c.order_id == order.id and c.id in given]
    if not settled:
        return None
    case = max(settled, key=lambda c: given[c.id].granted_at)
    option = _label(given[case.id], s.playbook)
    return _part(case, given[case.id], option, s) if option else None


def _label(given: Compensation, playbook: Playbook) -> str:
    """As it was offered; nothing for what a person gave by a rule of their own."""
    entitled = [e for rule in playbook.policy if rule.id == given.rule for e in rule.entitlements]
    found = [e.label for e in entitled if e.remedy is given.remedy]
    return found[0].format(amount=playbook.money(given.pence)) if found else ""


def _part(case: Case, given: Compensation, option: str, s: Situation) -> Part:
    problem = s.playbook.challenges[case.challenge].title
    facts = {"option": option, "day": day(given.granted_at), "problem": problem, "case": case.id}
    return Part("utter_status_decided", {**facts, "since": day(case.opened_at)})

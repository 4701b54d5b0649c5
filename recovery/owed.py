"""The customer's own money that is owed and, because of its size, takes a person to confirm: said plainly."""

from recovery.business_time import opening_words
from recovery.decision import HandOver, Part
from recovery.playbook import EscalationRule
from recovery.policy import Ruling
from recovery.purse import OWN_MONEY
from recovery.situation import Situation
from recovery.state import Option

OVER_LIMIT = "over_limit"
CHOICE = "owed:"  # what a button carries that asks for it
# What a handoff may rest on that leaves no doubt of the money, and nothing graver to speak of.
NO_DOUBT = frozenset(
    {
        OVER_LIMIT,
        "person_asked",
        "offers_refused",
        "offers_exhausted",
        "frustration",
        "turns_frustrated",
        "cooled",
        "misunderstandings",
        "person_due",
        "in_hand",
    }
)


def owed_above(ruling: Ruling | None) -> Option | None:
    """The customer's own money that the recovery policy gives back, and the bot may not."""
    if ruling is None:
        return None
    most = {o.remedy: o.pence for o in ruling.options}
    return next((o for o in ruling.above_limit if o.remedy in OWN_MONEY and o.pence > most.get(o.remedy, 0)), None)


def confirmed_by(s: Situation, team: str, priority: int) -> str:
    """By when a person of this team has decided, in words; empty where the company is never open."""
    staffing = s.playbook.staffing
    calendar = staffing.calendar_of(team)
    due = calendar.after(s.now, staffing.targets_of(priority).resolution)
    return opening_words(s.now, due, calendar.zone) if due else ""


def told(s: Situation, option: Option, response: str, team: str, priority: int) -> Part:
    """That it is owed, that a person has to confirm the sum, and by when."""
    return Part(response, {"owed": s.playbook.money(option.pence), "by": confirmed_by(s, team, priority)})


def told_with_offer(s: Situation, option: Option) -> Part:
    """Beside what the bot may give: as the rule that it would go to a person by has it."""
    rule = next((r for r in s.playbook.escalation if any(c.fact == OVER_LIMIT for c in r.when)), None)
    return told(s, option, "utter_owed_choice", rule.team if rule else "", rule.priority if rule else 3)


def handed_over(
    s: Situation, due: Option, rules: tuple[EscalationRule, ...], hand_over: HandOver, leads: Part
) -> tuple[Part, ...]:
    """What is said when a person takes over: it is not in doubt. Where a claim is looked into, or worse, it waits."""
    if any(c.fact not in NO_DOUBT for rule in rules for c in rule.when):
        return (leads,)
    claimed = max((int(v) for v in s.heard.values("pence") if v.isdigit()), default=0)
    if not any(c.fact == OVER_LIMIT for c in rules[0].when) or claimed > due.pence:
        return told(s, due, "utter_owed_still", hand_over.team, hand_over.priority), leads
    return (told(s, due, "utter_owed_handed_over", hand_over.team, hand_over.priority),)

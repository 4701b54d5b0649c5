"""What must be true of the playbook as a whole. Each check yields sentences: where, what, and what to do."""

from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise, product

from recovery.assessment import Assessment
from recovery.conditions import Condition
from recovery.playbook import Amount, ChallengeRule, Empowerment, Entitlement, Playbook
from recovery.policy import rule_on
from recovery.state import Problem
from recovery.words import ChallengeType, Fault, Remedy, Role, Severity, Tier
from redress.playbook.reach import unreachable
from redress.playbook.responses import Responses, fields_of
from redress.playbook.yaml_lines import Document

TOLD_FIELDS = frozenset({"item", "order", "courier", "region", "event_day", "promised", "since"})
ROLES = (Role.BOT, Role.AGENT, Role.SPECIALIST, Role.SENIOR, Role.SUPERVISOR)  # by growing empowerment
DIMENSIONS = ("harm", "money", "time", "vulnerability", "loyalty")  # by which severity is judged
CRITICAL = ("self_harm", "staff_threat", "safety", "fraud")  # what must never be without a procedure
NORMAL_ORDER = 6_000  # pence: what the bot must be able to put right by itself
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)

type Documents = Mapping[str, Document]


def problems_of(playbook: Playbook, documents: Documents, responses: Responses | None) -> Iterator[str]:
    """Every sentence about what does not fit together."""
    yield from _challenges(playbook, documents["challenges"])
    yield from _causes(playbook, documents["causes"])
    yield from _policy(playbook, documents["policy"])
    yield from _limits(playbook, documents["empowerment"])
    yield from _contingencies(playbook, documents["contingencies"])
    yield from _budgets(playbook, documents["budgets"])
    yield from _procedures(playbook, documents["procedures"], responses)
    yield from _escalation(playbook, documents["escalation"], responses)
    yield from _follow_ups(playbook, documents["follow_ups"], responses)
    yield from _surveys(playbook, documents["surveys"], responses)
    yield from _loyalty(playbook, documents["loyalty"])
    yield from _answers(playbook, documents["answers"])
    yield from _teams(playbook, documents)
    yield from unreachable(playbook, documents)
    if responses is not None:
        yield from _apologies(documents["challenges"], responses)


def _challenges(playbook: Playbook, document: Document) -> Iterator[str]:
    for challenge in ChallengeType:
        rule = playbook.challenges.get(challenge)
        if rule is None:
            yield f"{document.at('challenges')}: {challenge} has no entry: write how it is judged."
            continue
        place = document.at("challenges", challenge)
        default = document.at("challenges", challenge, "default_cause")
        cause = playbook.causes.get(rule.default_cause)
        if cause is None:
            yield f"{default}: the cause {rule.default_cause} is not in causes.yml: correct it or add it there."
        elif cause.explains and challenge not in cause.explains:
            yield f"{default}: the cause {cause.id} does not explain {challenge}: choose another."
        elif "{" in cause.told:
            yield f"{default}: the cause {cause.id} is told with facts that may be unknown: choose another."
        if rule.needs_order and not rule.order_kinds:
            yield f"{place}: {challenge} needs an order but names no order kinds: add order_kinds."
        yield from _judging(rule, playbook, place)
        for text in (rule.prevention, rule.usually):
            yield from _fields(text, frozenset(), place)


def _judging(rule: ChallengeRule, playbook: Playbook, place: str) -> Iterator[str]:
    """What makes it worse, by every dimension; and what is listened to."""
    for raised in rule.raises:
        yield from _known_causes(raised.when, playbook, place)
        if raised.to <= rule.severity:
            yield f"{place}: “{raised.id}” raises to {raised.to.word}, which is no rise: raise higher."
    judged = {raised.by for raised in rule.raises} | set(rule.not_judged_by)
    if missing := [d for d in DIMENSIONS if d not in judged]:
        yield f"{place}: {rule.challenge} is not judged by {missing[0]}: add a raise, or name it in not_judged_by."
    if len({d.id for d in rule.details}) < len(rule.details):
        yield f"{place}: two details have the same id: give each its own."


def _causes(playbook: Playbook, document: Document) -> Iterator[str]:
    for cause in playbook.causes.values():
        yield from _fields(cause.told, TOLD_FIELDS, document.at("causes", cause.id, "told"))


def _policy(playbook: Playbook, document: Document) -> Iterator[str]:
    rules = [("recovery_policy", i, r.id, r.when) for i, r in enumerate(playbook.policy)]
    rules += [("goodwill", i, r.id, r.when) for i, r in enumerate(playbook.goodwill)]
    rules += [("held_back", i, r.id, r.when) for i, r in enumerate(playbook.held_back)]
    ids: set[str] = set()
    for section, index, rule_id, when in rules:
        place = document.at(section, index)
        if rule_id in ids:
            yield f"{place}: the id {rule_id} is used twice: give each rule its own."
        ids.add(rule_id)
        yield from _known_causes(when, playbook, place)
    broken = False
    for index, rule in enumerate(playbook.policy):
        for number, entitlement in enumerate(rule.entitlements):
            place = document.at("recovery_policy", index, "entitlements", number)
            for sentence in _entitlement(entitlement, place):
                broken = True
                yield sentence
    if not broken:  # options cannot be made of broken texts
        yield from _always_an_option(playbook, document)


def _entitlement(entitlement: Entitlement, place: str) -> Iterator[str]:
    money = entitlement.amount != Amount()
    for text in (entitlement.label, entitlement.promise):
        fields = yield from _fields(text, frozenset({"amount"}), place)
        if fields is not None and money != ("amount" in fields):
            wrong = "does not say {amount}" if money else "says {amount} but there is none"
            yield f"{place}: “{text}” {wrong}: correct the text or the amount."
    if entitlement.remedy is Remedy.LOYALTY_REWARD:
        yield f"{place}: a loyalty_reward follows a recovery and is no part of one: put it into loyalty.yml."
    if entitlement.promise.endswith("."):
        yield f"{place}: the promise ends with a full stop, but completes a sentence: remove it."


def _always_an_option(playbook: Playbook, document: Document) -> Iterator[str]:
    """For a normal case of every kind there is something that the bot may grant by itself."""
    if Role.BOT not in playbook.empowerment:
        return  # told by _limits
    for challenge in playbook.challenges:
        if playbook.challenges[challenge].default_cause not in playbook.causes:
            continue
        kinds = ("none", *(k.id for k in playbook.contingencies.values() if challenge in k.challenges))
        for severity, fault, tier, kind in product(Severity, Fault, _tiers(playbook, challenge), kinds):
            assessment = normal_case(playbook, challenge, severity, fault, tier=tier, contingency=kind)
            if not rule_on(assessment, (), Role.BOT, playbook, ANY_DAY).options:
                meanwhile = "" if kind == "none" else f" while {kind} runs"
                case = f"a {severity.word} {challenge} of a {tier} customer with fault {fault}{meanwhile}"
                yield f"{document.at('recovery_policy')}: {case} leaves the bot nothing to offer: add a rule."
                break


def _tiers(playbook: Playbook, challenge: ChallengeType) -> tuple[str, ...]:
    """The tiers to try: where no rule asks for the tier, all fare alike."""
    asked = (c for r in playbook.policy if challenge in r.challenges for c in r.when)
    if not any(c.fact == "tier" for c in asked):
        return (Tier.STANDARD,)
    return tuple(t for t in Tier if t not in playbook.challenges[challenge].people_decide_for)


def normal_case(
    playbook: Playbook, challenge: ChallengeType, severity: Severity, fault: Fault, **more: bool | int | str
) -> Assessment:
    """A case without history, for an order of ordinary size."""
    rule = playbook.challenges[challenge]
    facts: dict[str, bool | int | str] = {
        "challenge": challenge.value,
        "fault": fault.value,
        "cause": rule.default_cause,
        "tier": "standard",
        "days_late": 3,
        "past_promise": True,
        "thing_missing": False,
        "order_pence": NORMAL_ORDER if rule.needs_order else 0,
        "has_order": rule.needs_order,
        "arrived": False,
        "days_since_delivery": 0,
        "failed_recoveries": 0,
        "failures_this_year": 0,
        "compensations_lately": 0,
        "abuse_signals": 0,
        "contingency": "none",
        **dict.fromkeys(("vulnerable", "urgent", "financial_loss", "repeated", "long_wait", "safety_risk"), False),
        "severity": int(severity),
        **more,
    }
    problem = Problem(challenge, "message", severity=severity)
    cause = playbook.causes[rule.default_cause]
    return Assessment(problem, None, cause, None, None, severity, int(facts["days_late"]), (), (), facts)


def _limits(playbook: Playbook, document: Document) -> Iterator[str]:
    missing = [r for r in ROLES if r not in playbook.empowerment]
    for role in missing:
        yield f"{document.at('empowerment')}: {role} has no limits: write what this role may grant."
    if missing:
        return
    for lower, higher in pairwise(ROLES):
        less, more = playbook.empowerment[lower], playbook.empowerment[higher]
        place = document.at("empowerment", higher)
        if _grants_less(less, more):
            yield f"{place}: {higher} may grant less than {lower}: raise its limits."
        if lost := sorted(less.remedies - more.remedies):
            yield f"{place}: {higher} may not grant {', '.join(lost)}, but {lower} may: add it."


def _grants_less(less: Empowerment, more: Empowerment) -> bool:
    """Whether the higher of two roles falls short of the lower one anywhere."""
    days = more.per_day is not None and (less.per_day is None or more.per_day < less.per_day)
    # The bot serves all customers by itself, so its day may hold more than one person's.
    day = days and less.role is not Role.BOT
    return (
        day
        or more.per_customer_a_year < less.per_customer_a_year
        or any(more.most(remedy) < less.most(remedy) for remedy in Remedy)
        or bool(more.needs_approval - less.needs_approval)
    )


def _contingencies(playbook: Playbook, document: Document) -> Iterator[str]:
    for kind in playbook.contingencies.values():
        place = document.at("contingencies", kind.id)
        cause = playbook.causes.get(kind.cause)
        if cause is None:
            yield f"{place}: the cause {kind.cause} is not in causes.yml: correct it or add it there."
        elif foreign := [c for c in kind.challenges if cause.explains and c not in cause.explains]:
            yield f"{place}: the cause {cause.id} does not explain {foreign[0]}: take it out, or add it there."
        for text in (kind.text, kind.doing):
            yield from _fields(text, frozenset(), place)


def _budgets(playbook: Playbook, document: Document) -> Iterator[str]:
    ids: set[str] = set()
    for index, budget in enumerate(playbook.budgets):
        place = document.at("budgets", index)
        if budget.id in ids or budget.id in ROLES:
            yield f"{place}: the id {budget.id} is used twice: give each budget its own."
        ids.add(budget.id)
        if budget.pence < playbook.smallest_goodwill:
            yield f"{place}: the budget {budget.id} is less than smallest_goodwill: nothing could ever be given."


def _procedures(playbook: Playbook, document: Document, responses: Responses | None) -> Iterator[str]:
    ids: set[str] = set()
    for index, procedure in enumerate(playbook.procedures):
        place = document.at("procedures", index)
        if procedure.id in ids:
            yield f"{place}: the id {procedure.id} is used twice: give each procedure its own."
        ids.add(procedure.id)
        if responses is not None and procedure.rule.response not in responses.wordings:
            yield f"{place}: there is no text {procedure.rule.response} in data/responses: write it there."
        duties = [d.id for d in procedure.checklist]
        if len(set(duties)) < len(duties):
            yield f"{place}: two lines of the checklist have the same id: give each its own."
    asked = {c.fact for p in playbook.procedures for c in p.rule.when if c.is_in == (True,)}
    for danger in CRITICAL:
        if danger not in asked:
            yield f"{document.at('procedures')}: no procedure begins when {danger} is true: add one."


def _escalation(playbook: Playbook, document: Document, responses: Responses | None) -> Iterator[str]:
    ids = {p.rule.id for p in playbook.procedures}
    for index, rule in enumerate(playbook.escalation[len(playbook.procedures) :]):
        place = document.at("escalation", index)
        if rule.id in ids:
            yield f"{place}: the id {rule.id} is used twice: give each rule its own."
        ids.add(rule.id)
        if responses is not None and rule.response not in responses.wordings:
            yield f"{place}: there is no text {rule.response} in data/responses: write it there."
    if not any(c.fact == "person_asked" for r in playbook.escalation for c in r.when):
        yield f"{document.at('escalation')}: no rule hands over when a person is asked for: add one."


def _follow_ups(playbook: Playbook, document: Document, responses: Responses | None) -> Iterator[str]:
    for remedy in Remedy:
        if remedy not in playbook.follow_ups and remedy is not Remedy.LOYALTY_REWARD:
            yield f"{document.at('follow_ups')}: {remedy} has no follow-up: write when we check back."
    for rule in playbook.follow_ups.values():
        yield from _text_is_there(rule.ask, document.at("follow_ups", rule.remedy), responses)


def _surveys(playbook: Playbook, document: Document, responses: Responses | None) -> Iterator[str]:
    ids: set[str] = set()
    for index, rule in enumerate(playbook.surveys.rules):
        place = document.at("surveys", index)
        if rule.id in ids:
            yield f"{place}: the id {rule.id} is used twice: give each survey its own."
        ids.add(rule.id)
        yield from _text_is_there(rule.ask, place, responses)


def _loyalty(playbook: Playbook, document: Document) -> Iterator[str]:
    ids = {r.id for r in playbook.policy} | {r.id for r in playbook.goodwill} | {r.id for r in playbook.held_back}
    for index, offer in enumerate(playbook.loyalty.offers):
        place = document.at("loyalty", index)
        if offer.id in ids:
            yield f"{place}: the id {offer.id} is used twice: give each rule its own."
        ids.add(offer.id)
        fields = yield from _fields(offer.gift, frozenset({"amount"}), place)
        if fields is not None and bool(offer.pence) != ("amount" in fields):
            yield f"{place}: say {{amount}} in the gift when it has pence, and only then."
        if offer.gift.endswith("."):
            yield f"{place}: the gift ends with a full stop, but completes a sentence: remove it."
        bot = playbook.empowerment.get(Role.BOT)
        if bot is not None and offer.pence > bot.most(Remedy.LOYALTY_REWARD):
            yield f"{place}: {offer.id} is more than the bot may grant: lower it."


def _text_is_there(response: str, place: str, responses: Responses | None) -> Iterator[str]:
    if responses is not None and response not in responses.wordings:
        yield f"{place}: there is no text {response} in data/responses: write it there."


def _answers(playbook: Playbook, document: Document) -> Iterator[str]:
    ids: set[str] = set()
    for index, answer in enumerate(playbook.answers):
        place = document.at("answers", index)
        if answer.id in ids:
            yield f"{place}: the id {answer.id} is used twice: give each answer its own."
        ids.add(answer.id)
        yield from _fields(answer.text, frozenset(), place)


def _teams(playbook: Playbook, documents: Documents) -> Iterator[str]:
    """Every team that a rule names is there, and every rule that pages."""
    critical = [(documents["procedures"].at("procedures", i), p) for i, p in enumerate(playbook.procedures)]
    own_rules = playbook.escalation[len(critical) :]  # the first are the procedures'
    named = [(documents["escalation"].at("escalation", i), r.team) for i, r in enumerate(own_rules)]
    named += [(place, team) for place, p in critical for team in (p.rule.team, *p.pages) if team not in ROLES]
    named += [(documents["challenges"].at("challenges", c), r.team) for c, r in playbook.challenges.items()]
    named += [(documents["teams"].at("teams"), "care")]  # whom the desk itself hands over to
    for place, team in named:
        if team not in playbook.staffing.teams:
            yield f"{place}: the team {team} is not in teams.yml: correct it or add it there."
    for name in sorted(set(playbook.staffing.paging.recipients) - set(playbook.staffing.teams) - set(ROLES)):
        place = documents["paging"].at("paging", "recipients", name)
        yield f"{place}: {name} is neither a team of teams.yml nor a role: correct it."


def _apologies(document: Document, responses: Responses) -> Iterator[str]:
    for challenge in ChallengeType:
        if f"utter_apologise_{challenge}" not in responses.wordings:
            place = document.at("challenges", challenge)
            yield f"{place}: there is no text utter_apologise_{challenge} in data/responses: write it there."


def _known_causes(when: tuple[Condition, ...], playbook: Playbook, place: str) -> Iterator[str]:
    for condition in when:
        known = {"cause": playbook.causes, "contingency": {**playbook.contingencies, "none": None}}
        for name in condition.is_in if condition.fact in known else ():
            if name not in known[condition.fact]:
                file = {"cause": "causes", "contingency": "contingencies"}[condition.fact]
                yield f"{place}: the {condition.fact} {name} is not in {file}.yml: correct it or add it there."


def _fields(text: str, known: frozenset[str], place: str) -> Generator[str, None, frozenset[str] | None]:
    """Yield what is wrong with the braces of a text; return the fields, or None when they cannot be read."""
    try:
        fields = fields_of(text)
    except ValueError:
        yield f"{place}: the braces in “{text}” do not match: correct them."
        return None
    for field in sorted(fields - known):
        may = ", ".join(f"{{{k}}}" for k in sorted(known)) or "none"
        yield f"{place}: “{text}” names {{{field}}}, which is not known here: use {may}."
    return fields

"""At the very end: a gift where the playbook allows one, and the answer to it."""

from dataclasses import replace

from recovery.choosing import confirms_plainly, says_no
from recovery.decision import Button, Decision, GiveReward, Part, Say
from recovery.loyalty import Gift, LoyaltyOffer, Standing, gift_for, rewarded_lately
from recovery.purse import granted_in_the_year, purse_of
from recovery.situation import Situation
from recovery.state import Problem, Progress, Recovery
from recovery.words import DialogueAct, FrustrationLevel, Remedy, Role

UNSOLVED = (Progress.FAILED, Progress.ESCALATED)
NO_THANKS = Button("utter_title_no_thanks", DialogueAct.DENY, "no")


def with_gift(decision: Decision, s: Situation, case_id: str) -> Decision:
    """The end of a survey or of a check-back, with the gift that the playbook allows now, if any."""
    problem = next((p for p in decision.state.problems if p.case_id == case_id), None)
    if problem is None or s.history is None:
        return decision
    gift = _gift(decision.state, s, problem)
    inputs = {**decision.inputs, "loyalty": gift.offer.id if gift.offer else gift.bar}
    decision = replace(decision, inputs=inputs, nearly=(*decision.nearly, *gift.nearly))
    if gift.offer is None:
        return decision
    facts = {"gift": _told(gift.offer, s)}
    ask = Say((Part("utter_loyalty_offer", facts),), (_yes_to(gift.offer), NO_THANKS))
    state = replace(decision.state, gift=gift.offer.id, gift_case=case_id)
    return replace(decision, says=(*decision.says, ask), state=state, rules=(*decision.rules, gift.offer.id))


def answer(s: Situation) -> Decision | None:
    """The answer to an offered gift; None when none is waiting, or when the message is about something else."""
    offer, case_id = s.playbook.loyalty.offer(s.state.gift), s.state.gift_case
    if offer is None or case_id is None or s.history is None or s.heard.challenges or s.heard.triggers:
        return None
    done = replace(s.state, gift=None, gift_case=None)
    problem = next((p for p in s.state.problems if p.case_id == case_id), None)
    if says_no(s.heard):
        return Decision("loyalty_declined", (Say((Part("utter_loyalty_declined"),)),), done, about=problem)
    taken = s.heard.choice == f"loyalty:{offer.id}" or confirms_plainly(s.heard)
    if not taken or problem is None or _gift(s.state, s, problem).offer != offer:
        return None
    told = Say((Part("utter_loyalty_given", {"gift": _told(offer, s)}),))
    effects = (GiveReward(problem, offer),)
    return Decision("loyalty_given", (told,), done, effects, (offer.id,), about=problem)


def _gift(state: Recovery, s: Situation, problem: Problem) -> Gift:
    assert s.history is not None  # noqa: S101 - the callers have looked
    gift = gift_for(_standing(state, s, problem), _facts(state, s, problem), s.playbook.loyalty)
    if gift.offer is None or not gift.offer.pence:
        return gift
    given = granted_in_the_year(s.history.compensations, s.now, s.playbook.policy)
    purse = purse_of(Role.BOT, s.playbook, problem.challenge, given, s.around.spent, s.now)
    bar = purse.bar(Remedy.LOYALTY_REWARD, gift.offer.pence)
    return replace(gift, offer=None, bar=f"limit: {bar}") if bar else gift


def _standing(state: Recovery, s: Situation, problem: Problem) -> Standing:
    assert s.history is not None  # noqa: S101 - the callers have looked
    others = any(p.is_live or p.progress in UNSOLVED for p in state.problems)
    elsewhere = any(c.is_open and c.id != problem.case_id for c in s.history.cases)
    upset = s.heard.frustration > FrustrationLevel.CALM or state.mood.level > 0 or state.pleased is False
    return Standing(
        confirmed=problem.case_id in state.confirmed and problem.progress is Progress.BOOKED,
        unsolved=others or elsewhere,
        upset=upset,
        rewarded=rewarded_lately(s.history.compensations, s.playbook.loyalty, s.now),
    )


def _facts(state: Recovery, s: Situation, problem: Problem) -> dict[str, bool | int | str]:
    assert s.history is not None  # noqa: S101 - the callers have looked
    return {
        "tier": s.history.customer.tier.value,
        "severity": int(problem.severity),
        "challenge": problem.challenge.value,
        "rating": "pleased" if state.pleased else "none",
        "worst_frustration": state.mood.peak,
    }


def _told(offer: LoyaltyOffer, s: Situation) -> str:
    return offer.gift.format(amount=s.playbook.money(offer.pence))


def _yes_to(offer: LoyaltyOffer) -> Button:
    return Button("utter_title_yes_please", DialogueAct.AFFIRM, f"loyalty:{offer.id}")

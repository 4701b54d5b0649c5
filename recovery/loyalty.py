"""What may be offered once a recovery has succeeded and been confirmed: never before, never to an upset customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.conditions import Condition, Facts, NearMiss, judge
from recovery.records import Compensation
from recovery.words import Remedy


@dataclass(frozen=True, slots=True)
class LoyaltyOffer:
    """A gift, and for whom. `gift` completes “We would like to give you …”."""

    id: str
    when: tuple[Condition, ...]
    gift: str
    pence: int


@dataclass(frozen=True, slots=True)
class Loyalty:
    """The playbook's gifts, the best first, and how often one customer gets one."""

    offers: tuple[LoyaltyOffer, ...] = ()
    at_most_every_days: int = 180

    def offer(self, offer_id: str | None) -> LoyaltyOffer | None:
        return next((o for o in self.offers if o.id == offer_id), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a recovery stands at its end. What these four say, no rule can overrule."""

    confirmed: bool  # the customer said that the remedy held
    unsolved: bool  # something else is still open, was handed over or did not hold
    upset: bool  # now
    rewarded: bool  # not long ago

    @property
    def bar(self) -> str:
        """What stands against any gift; empty when nothing does."""
        bars = (
            (not self.confirmed, "not confirmed"),
            (self.unsolved, "unsolved"),
            (self.upset, "upset"),
            (self.rewarded, "rewarded lately"),
        )
        return next((name for holds, name in bars if holds), "")


@dataclass(frozen=True, slots=True)
class Gift:
    """The answer: a gift or none, what stood against it, and the rules that one fact kept out."""

    offer: LoyaltyOffer | None
    bar: str = ""
    nearly: tuple[NearMiss, ...] = ()


def gift_for(standing: Standing, facts: Facts, loyalty: Loyalty) -> Gift:
    """The first gift whose conditions hold."""
    if standing.bar:
        return Gift(None, standing.bar)
    nearly: list[NearMiss] = []
    for offer in loyalty.offers:
        verdict = judge(offer.when, facts)
        if verdict.holds:
            return Gift(offer, "", tuple(nearly))
        if miss := verdict.near_miss(offer.id, facts):
            nearly.append(miss)
    return Gift(None, "no rule", tuple(nearly))


def rewarded_lately(given: Sequence[Compensation], loyalty: Loyalty, now: datetime) -> bool:
    """Whether a gift was given within the time in which one is enough."""
    since = now - timedelta(days=loyalty.at_most_every_days)
    return any(c.remedy is Remedy.LOYALTY_REWARD and c.granted_at > since for c in given)

"""What comes after a recovery, and what is answered beside it: surveys, loyalty, follow-ups and answers."""

from typing import Annotated

from pydantic import (
    Field,
)

from recovery import playbook as values
from recovery.loyalty import Loyalty, LoyaltyOffer
from recovery.surveys import SurveyKind, SurveyRule, Surveys
from recovery.words import Remedy
from redress.playbook.kinds import LoyaltyWhen, Pence, RuleId, SurveyWhen, Text, Words
from redress.playbook.strict import Strict


class SurveyEntry(Strict):
    """One question after a recovery, and when it is the right one."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    kind: SurveyKind
    when: SurveyWhen = ()
    ask: Annotated[str, Field(pattern=r"^utter_survey[a-z_]*$")]

    def value(self) -> SurveyRule:
        return SurveyRule(self.id, self.kind, self.when, self.ask)


class SurveysFile(Strict):
    """surveys.yml"""

    at_most_every_days: int = Field(ge=0, le=3650)
    open_days: int = Field(default=14, ge=1, le=365)
    surveys: tuple[SurveyEntry, ...] = Field(min_length=1)

    def value(self) -> Surveys:
        return Surveys(tuple(s.value() for s in self.surveys), self.at_most_every_days, self.open_days)


class LoyaltyEntry(Strict):
    """A gift once a recovery has succeeded and been confirmed."""

    id: RuleId
    when: LoyaltyWhen = Field(min_length=1)
    gift: Text = Field(description="Completes “We would like to give you …”, without a full stop.")
    pence: Pence = 0

    def value(self) -> LoyaltyOffer:
        return LoyaltyOffer(self.id, self.when, self.gift, self.pence)


class LoyaltyFile(Strict):
    """loyalty.yml"""

    loyalty: tuple[LoyaltyEntry, ...] = ()
    at_most_every_days: int = Field(ge=1, le=3650)

    def value(self) -> Loyalty:
        return Loyalty(tuple(o.value() for o in self.loyalty), self.at_most_every_days)


class FollowUpEntry(Strict):
    """When to check back after a remedy, and what is asked then."""

    after_minutes: int = Field(ge=1)
    ask: Annotated[str, Field(pattern=r"^utter_check_back[a-z_]*$")] = "utter_check_back"


class FollowUpsFile(Strict):
    """follow_ups.yml"""

    follow_ups: dict[Remedy, FollowUpEntry]


class AnswerEntry(Strict):
    """A question outside a challenge, and what we say."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    words: Words
    text: Text
    products: tuple[Text, ...] = Field((), description="The products it is about; none: whatever is asked about.")

    def value(self) -> values.Answer:
        return values.Answer(self.id, self.words, self.text, self.products)


class AnswersFile(Strict):
    """answers.yml"""

    answers: tuple[AnswerEntry, ...]

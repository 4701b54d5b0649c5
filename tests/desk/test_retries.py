"""When a conversation whose turn failed is tried again."""

from dataclasses import dataclass

from casework.errors import Unavailable
from desk.retries import Retries


@dataclass
class Outage:
    """An engine that answers or does not, and a watch."""

    down: bool = True
    at: float = 0.0
    asked: int = 0

    async def ping(self) -> None:
        self.asked += 1
        if self.down:
            raise Unavailable("It is down.")

    def retries(self) -> Retries:
        return Retries(self.ping, lambda: self.at)


async def test_nobody_who_was_told_of_an_outage_is_tried_until_the_engine_answers_and_then_all_are_at_once() -> None:
    outage = Outage()
    retries = outage.retries()
    for _ in range(4):
        retries.failed("c1", told=True)
    await retries.look(["c1", "c2"])
    outage.at = 60.0
    assert not retries.may("c1")
    assert retries.may("c2")
    outage.at, outage.down = 60.5, False
    retries.failed("c3", told=True)
    await retries.look(["c1", "c2", "c3"])
    assert [retries.may(c) for c in ("c1", "c2", "c3")] == [True, True, True]


async def test_after_an_outage_those_who_waited_do_not_stand_behind_those_who_come() -> None:
    outage = Outage()
    retries = outage.retries()
    retries.failed("c1", told=True)
    await retries.look(["c1"])
    assert retries.probes("c1")
    outage.down = False
    await retries.look(["c1"])
    assert not retries.probes("c1")
    retries.failed("c1", told=True)  # it is down again
    assert retries.probes("c1")
    assert not retries.probes("c2")


async def test_who_could_not_be_told_is_tried_on_while_the_engine_is_away() -> None:
    outage = Outage()
    retries = outage.retries()
    retries.failed("c1", told=False)  # the database was away, too
    await retries.look(["c1"])
    outage.at = 1.5
    assert retries.may("c1")


async def test_a_conversation_that_fails_although_the_engine_answers_is_tried_ever_more_slowly() -> None:
    outage = Outage(down=False)
    retries = outage.retries()
    pauses = []
    for _ in range(5):
        retries.failed("c1", told=True)
        since = outage.at
        while not retries.may("c1"):
            await retries.look(["c1"])
            outage.at += 0.5
        pauses.append(outage.at - since)
    assert pauses == [1.0, 2.0, 4.0, 5.0, 5.0]


async def test_any_answer_to_anybody_ends_the_outage() -> None:
    outage = Outage()
    retries = outage.retries()
    retries.failed("c1", told=True)
    await retries.look(["c1"])
    retries.went_well("c2")
    assert retries.may("c1")


async def test_the_engine_is_asked_only_while_somebody_waits_whose_turn_failed() -> None:
    outage = Outage()
    retries = outage.retries()
    await retries.look(["c1"])
    assert outage.asked == 0
    retries.failed("c1", told=True)
    await retries.look(["c1"])
    await retries.look([])  # a person has it by now
    assert outage.asked == 1
    assert retries.of("c1") == 0

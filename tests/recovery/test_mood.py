"""How a conversation feels."""

from hypothesis import given
from hypothesis import strategies as st

from recovery import mood
from recovery.heard import Heard
from recovery.state import Mood
from recovery.words import DialogueAct, Trigger
from tests.recovery.builders import said

MESSAGES = st.builds(
    lambda act, level, triggers: said("words", act, frustration=level, triggers=triggers),
    st.sampled_from(DialogueAct),
    st.integers(0, 3),
    st.lists(st.sampled_from(Trigger), unique=True, max_size=4),
)


def felt(*levels: int, act: DialogueAct = DialogueAct.INFORM) -> Mood:
    now = Mood()
    for index, level in enumerate(levels):
        now = mood.after(now, said("words", act, frustration=level, message_id=f"m{index}"))
    return now


@given(st.lists(st.tuples(MESSAGES, st.booleans(), st.booleans()), max_size=30))
def test_the_score_stays_between_nothing_and_three(turns: list[tuple[Heard, bool, bool]]) -> None:
    now = Mood()
    for heard, refused, not_understood in turns:
        now = mood.after(now, heard, refused=refused, not_understood=not_understood)
        assert 0 <= now.score <= 3
        assert 0 <= now.level <= 3
        assert now.peak >= heard.frustration


@given(st.integers(0, 3))
def test_calm_messages_let_any_feeling_fade(level: int) -> None:
    scores = [felt(level, *([0] * calm)).score for calm in range(8)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 0.2


@given(MESSAGES)
def test_a_message_never_leaves_less_than_its_own_level(heard: Heard) -> None:
    assert mood.after(Mood(), heard).score >= heard.frustration


def test_accepting_eases_more_than_a_calm_word() -> None:
    furious = felt(3)
    accepted = mood.after(furious, said("fine", DialogueAct.ACCEPT_OFFER))
    assert accepted.score < mood.after(furious, said("fine", DialogueAct.INFORM)).score


def test_bitter_thanks_ease_nothing() -> None:
    bitter = mood.after(felt(2), said("thanks for nothing", DialogueAct.THANK, frustration=2))
    assert bitter.score >= 2


def test_a_refusal_and_a_misunderstanding_weigh_even_in_calm_words() -> None:
    calm = said("no", DialogueAct.DENY)
    assert mood.after(Mood(), calm, refused=True).score > 0
    assert mood.after(Mood(), calm, not_understood=True).score > 0


def test_turns_of_frustration_are_counted_in_a_row_with_their_messages() -> None:
    assert felt(2, 3).turns_frustrated == 2
    assert felt(2, 3).frustrated_in == ("m0", "m1")
    assert felt(2, 0, 2).turns_frustrated == 1

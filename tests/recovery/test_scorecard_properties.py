"""What must hold of a scorecard for every conversation there could be."""

from hypothesis import assume, given
from hypothesis import strategies as st

from recovery.lexicon import alike
from recovery.scorecard import scorecards
from recovery.scorecard_marks import Aspect
from recovery.scorecard_reading import Known, Speaker, Utterance
from recovery.words import ChallengeType, DialogueAct, RecoveryStep, Trigger
from tests.recovery.talks import customer, ours

PHRASES = st.sampled_from(
    [
        "I'm sorry your kettle is late.",
        "Sorry!",
        "Unfortunately we cannot refund it.",
        "A strike closed the depot on Tuesday.",
        "Thank you for telling us.",
        "What is your order number?",
        "You told us on 3 Nov.",
        "I can send a new one tomorrow or refund £45.",
        "I'll call you tomorrow at 10am.",
        "The care team takes over now.",
        "😀",
    ]
)
TEXTS = st.one_of(st.lists(PHRASES, max_size=6).map(" ".join), st.text(max_size=200))
CUSTOMERS = st.builds(
    customer,
    st.just(0),
    TEXTS,
    st.integers(0, 3),
    st.lists(st.sampled_from(list(ChallengeType)), max_size=2),
    st.lists(st.sampled_from(list(Trigger)), max_size=2),
    st.sampled_from(list(DialogueAct)),
)
OURS = st.builds(
    Utterance,
    st.just("0"),
    st.sampled_from([Speaker.BOT, Speaker.AGENT]),
    TEXTS,
    offered=st.lists(st.just("A full refund, £45"), max_size=3).map(tuple),
    steps=st.frozensets(st.sampled_from(list(RecoveryStep))),
)
TALKS = st.lists(st.one_of(CUSTOMERS, OURS), max_size=8).map(tuple)
KNOWN = st.builds(Known, st.sampled_from(["", "Maya"]), failed_before=st.booleans(), handed_over=st.booleans())
# Each does one thing well, in few words and without a question.
GOOD = [
    "You told us about it on 3 Nov, and we broke our promise.",
    "Thank you for telling us.",
    "A strike closed the depot.",
    "I can send a new one tomorrow or refund it in full.",
    "I'll write to you tomorrow.",
]


@given(TALKS, KNOWN)
def test_every_conversation_has_all_marks_in_order_and_a_mean_within_bounds(
    talk: tuple[Utterance, ...], known: Known
) -> None:
    for card in scorecards(talk, known):
        assert [m.aspect for m in card.marks] == list(Aspect)
        assert all(m.score is None or 0 <= m.score <= 100 for m in card.marks)
        assert all(m.why.endswith(".") for m in card.marks)
        assert card.mean is None or 0 <= card.mean <= 100


@given(TALKS, KNOWN)
def test_the_same_conversation_is_always_marked_the_same(talk: tuple[Utterance, ...], known: Known) -> None:
    assert scorecards(talk, known) == scorecards(talk, known)


@given(TALKS, KNOWN)
def test_each_mark_says_where_it_was_earned_or_lost(talk: tuple[Utterance, ...], known: Known) -> None:
    numbered = tuple(_numbered(talk))
    replies = {m.id for m in numbered if m.who is not Speaker.CUSTOMER}
    for card in scorecards(numbered, known):
        for m in card.marks:
            assert set(m.earned) | set(m.lost) <= replies
            assert m.score is None or m.score == 0 or m.earned or m.lost
            assert m.score is None or m.score == 100 or m.lost or not replies or m.aspect is Aspect.PERSONAL


@given(CUSTOMERS, TALKS, OURS, st.sampled_from(GOOD), KNOWN)
def test_saying_something_good_besides_never_lowers_a_mark(
    first: Utterance, talk: tuple[Utterance, ...], answer: Utterance, good: str, known: Known
) -> None:
    before = tuple(_numbered((first, *talk, answer)))
    assume(not any(alike(m.text, good) for m in before))
    after = (*before, ours(len(before), good, answer.who))
    was, now = (next(iter(scorecards(said, known))) for said in (before, after))
    scored = {m.aspect: m.score for m in was.marks if m.score is not None}
    assert all((m.score or 0) >= scored[m.aspect] for m in now.marks if m.aspect in scored)
    if {m.aspect for m in now.marks if m.score is not None} == set(scored):
        assert (now.mean or 0) >= (was.mean or 0)


def _numbered(talk: tuple[Utterance, ...]) -> list[Utterance]:
    """The same messages, each under an id of its own."""
    return [Utterance(str(n), m.who, m.text, m.heard, m.offered, m.has_buttons, m.steps) for n, m in enumerate(talk)]

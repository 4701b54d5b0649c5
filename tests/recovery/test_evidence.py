"""A reason without evidence does not exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.evidence import Evidence, Rationale, Sentence, UncitedSentence, UnknownEvidence
from recovery.words import EvidenceKind

EVIDENCE = st.builds(Evidence, st.sampled_from(EvidenceKind), st.text(min_size=1, max_size=5))
SENTENCES = st.builds(Sentence, st.text(), st.lists(EVIDENCE, min_size=1).map(tuple))
CASE, MESSAGE = Evidence(EvidenceKind.CASE, "311"), Evidence(EvidenceKind.MESSAGE, "m1")


def test_a_sentence_without_evidence_is_refused() -> None:
    with pytest.raises(UncitedSentence):
        Sentence("The customer is cross.", ())


def test_a_rationale_without_sentences_is_refused() -> None:
    with pytest.raises(UncitedSentence):
        Rationale(())


def test_a_rationale_that_cites_what_is_not_stored_is_refused_and_names_it() -> None:
    rationale = Rationale((Sentence("It happened before.", (CASE, MESSAGE)),))
    with pytest.raises(UnknownEvidence, match="case 311"):
        rationale.checked_against([MESSAGE])


def test_a_sentence_reads_with_its_evidence_behind_it() -> None:
    assert str(Sentence("It happened before.", (CASE, MESSAGE))) == "It happened before. [case 311, message m1]"


@given(st.lists(SENTENCES, min_size=1).map(tuple))
def test_a_rationale_passes_exactly_when_all_its_evidence_is_stored(sentences: tuple[Sentence, ...]) -> None:
    rationale = Rationale(sentences)
    assert rationale.checked_against(rationale.evidence) is rationale
    for missing in rationale.evidence:
        with pytest.raises(UnknownEvidence):
            rationale.checked_against(rationale.evidence - {missing})

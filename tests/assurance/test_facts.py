"""A fact has a value and a source, or it is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.assurance.facts import SOURCE_LABELS, Fact, Source, SourceKind, in_words, joined
from guildhall.vocabulary.errors import RefusedError

HERE = Source(SourceKind.FILE, "councils/_baseline/signposts.yaml")


def test_a_fact_without_a_source_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        Fact("Avonmere City Council")  # type: ignore[call-arg]
    with pytest.raises(RefusedError, match="needs a source"):
        Fact("Avonmere City Council", None)  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match="needs a source"):
        Fact("Avonmere City Council", "councils/x.yaml")  # type: ignore[arg-type]


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_nothing_is_no_fact(nothing: object) -> None:
    with pytest.raises(RefusedError, match="Missing"):
        Fact(nothing, HERE)


def test_no_and_nought_are_facts() -> None:
    assert in_words(Fact(False, HERE).value) == "no"
    assert in_words(Fact(0, HERE).value) == "0"


@pytest.mark.parametrize("text", ["", "councils/x.yaml", "hearsay:somebody", "file:", "file:  "])
def test_what_is_no_source_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        Source.parse(text)


@given(st.sampled_from(SourceKind), st.text(min_size=1, max_size=20).filter(str.strip))
def test_a_source_reads_back_as_it_was_written(kind: SourceKind, ref: str) -> None:
    assert Source.parse(str(Source(kind, ref))) == Source(kind, ref)


def test_every_kind_of_source_has_a_label() -> None:
    assert set(SOURCE_LABELS) == set(SourceKind)
    assert all(sentence.endswith(".") for _, sentence in SOURCE_LABELS.values())


def test_equal_values_have_equal_digests_in_any_order() -> None:
    assert Fact({"a": 1, "b": 2}, HERE).digest == Fact({"b": 2, "a": 1}, HERE).digest
    assert Fact(["a", "b"], HERE).digest != Fact(["b", "a"], HERE).digest


def test_a_sentence_rests_on_its_proof_and_on_the_facts_inside_it() -> None:
    moment = datetime(2026, 11, 26, tzinfo=UTC)
    inside = Fact(3, Source(SourceKind.RECORD, "turns"), taken_at=moment, confirm="the head of digital")
    said = joined("Three turns.", [HERE], [inside])
    assert said.sources == (HERE, inside.source)
    assert (said.taken_at, said.confirm) == (moment, "the head of digital")


def test_a_sentence_that_nothing_vouches_for_is_refused() -> None:
    with pytest.raises(RefusedError, match="give it a proof"):
        joined("The assistant is perfect.", [], [])

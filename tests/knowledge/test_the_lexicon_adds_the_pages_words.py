import pytest
from pydantic import ValidationError

from guildhall.knowledge.analyser import words
from guildhall.knowledge.config import Lexicon, Saying, Synonyms
from guildhall.knowledge.lexicon import QueryLexicon
from tests.knowledge.shelves import index

LEXICON = Lexicon(
    dialect=(Saying(say="jitty", means="alleyway"),),
    synonyms=(Synonyms(terms=("recycling centre", "the tip", "dump")),),
    places=(Saying(say="the Crem", means="Gorse Hill Crematorium"),),
    abbreviations=(Saying(say="PCN", means="penalty charge notice"), Saying(say="TEN", means="temporary event notice")),
)


def added(query: str, known: frozenset[str] = frozenset()) -> set[str]:
    return {word for a in QueryLexicon(LEXICON).additions(words(query), known.__contains__) for word in a.words}


def test_dialect_places_synonyms_and_abbreviations_are_understood() -> None:
    assert added("rubbish down the jitty") == {"alleyway"}
    assert {"gorse", "crematorium"} <= added("when does the crem open")
    assert {"recycling", "centre"} <= added("where's the dump")
    assert added("my pcn") == {"penalty", "charge", "notice"}


def test_an_abbreviation_that_the_pages_use_as_a_word_adds_nothing() -> None:
    assert added("ten bags", frozenset({"ten"})) == set()


def test_what_is_added_counts_less_than_what_was_said() -> None:
    assert all(a.weight < 1 for a in QueryLexicon(LEXICON).additions(words("the tip jitty pcn"), lambda _: False))


def test_the_tip_finds_the_recycling_centre() -> None:
    assert index(LEXICON).search("what time does the dump open")[0].passage.source_id == "/bins/recycling-centres"


def test_a_key_the_lexicon_does_not_have_is_refused() -> None:
    with pytest.raises(ValidationError, match="slang"):
        Lexicon.model_validate_json('{"slang": []}')

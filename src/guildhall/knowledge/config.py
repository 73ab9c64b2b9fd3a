"""The council's lexicon as it stands in `lexicon.yaml`: how residents say things here."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """Nothing unknown, nothing guessed, nothing changed after loading. A YAML list may stand for a tuple."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Saying(Strict):
    """What residents say, and what the council's pages call it."""

    say: Words
    means: Words
    form_of_address: bool = False
    """True for words such as `duck` that only greet, and mean nothing else where they stand alone."""


class Synonyms(Strict):
    """Words for one thing; the first is the one the council's pages use."""

    terms: Annotated[tuple[Words, ...], Field(min_length=2, strict=False)]


class Lexicon(Strict):
    """`lexicon.yaml`: dialect, synonyms, local names of places, and abbreviations."""

    dialect: Annotated[tuple[Saying, ...], Field(strict=False)] = ()
    synonyms: Annotated[tuple[Synonyms, ...], Field(strict=False)] = ()
    places: Annotated[tuple[Saying, ...], Field(strict=False)] = ()
    abbreviations: Annotated[tuple[Saying, ...], Field(strict=False)] = ()

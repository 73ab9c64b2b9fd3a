"""What an utterance asks: one question or several, each with the services that may be meant."""

from dataclasses import dataclass

from guildhall.vocabulary.services import ServiceMatch


@dataclass(frozen=True, slots=True)
class Question:
    """One part of an utterance.

    `text` is the resident's own words; `standalone` is what search is given: those words with what earlier turns
    of the conversation already said put beside them, and nothing else.
    """

    text: str
    standalone: str
    services: tuple[ServiceMatch, ...] = ()
    places: tuple[str, ...] = ()
    """Postcodes and street names the resident gave, as the council's place data spell them."""

    @property
    def best(self) -> ServiceMatch | None:
        """The likeliest service, if any."""
        return self.services[0] if self.services else None


@dataclass(frozen=True, slots=True)
class Understanding:
    """The questions of one utterance, in order. `small_talk` is true when nothing was asked (hello, thanks)."""

    questions: tuple[Question, ...]
    small_talk: bool = False
    remainder: str = ""
    """The resident's words beyond the most questions one turn takes; the reply owns up to them."""


@dataclass(frozen=True, slots=True)
class Mask:
    """Personal data found in an utterance: what kind, where, and the token that stands for it outside the house."""

    kind: str
    start: int
    end: int
    token: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """An utterance as it may leave the house, and what was masked in it."""

    text: str
    masks: tuple[Mask, ...] = ()

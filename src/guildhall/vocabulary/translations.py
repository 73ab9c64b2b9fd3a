"""A translation by a machine, and why there may be none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class TranslationStatus(StrEnum):
    """Where a translation stands."""

    SHOWN = "shown"
    """Made and checked."""
    APPROVED = "approved"
    """The council's approved wording in the other language; no machine was asked."""
    WAITING = "waiting"
    """Not asked for yet."""
    UNSAFE = "unsafe"
    """What the machine made did not pass the checks."""
    KEPT = "kept"
    """The words may not leave the house."""
    OFF = "off"
    """There is no machine, or it is switched off."""
    FAILED = "failed"
    """The machine did not answer; it may be asked again."""


TRANSLATION_LABELS: Final[dict[TranslationStatus, tuple[str, str]]] = {
    TranslationStatus.SHOWN: ("Machine translation", "Translated by a computer. Amounts, dates, numbers and names were checked; the rest may be wrong."),
    TranslationStatus.APPROVED: ("Approved wording", "This is the council's approved wording in English, not a machine's."),
    TranslationStatus.WAITING: ("Not translated yet", "A machine translation can be asked for."),
    TranslationStatus.UNSAFE: ("Could not be translated safely", "The machine's translation did not pass the checks, so it is not shown. Use an interpreter."),
    TranslationStatus.KEPT: ("Not for a machine", "The council's rules keep these words from any machine outside. Use an interpreter."),
    TranslationStatus.OFF: ("No machine translation", "There is no machine translation here. Use an interpreter."),
    TranslationStatus.FAILED: ("Machine did not answer", "The machine did not answer in time. Try again, or use an interpreter."),
}  # fmt: skip


class TranslationProblem(StrEnum):
    """What was wrong with a machine's translation."""

    UNREADABLE = "unreadable"
    VALUES_CHANGED = "values_changed"
    FACTS_ADDED = "facts_added"
    LINK_ADDED = "link_added"
    DATES_CHANGED = "dates_changed"
    OTHER_LANGUAGE = "other_language"
    OTHER_LENGTH = "other_length"
    OTHER_MEANING = "other_meaning"
    SPEAKS_TO_A_MACHINE = "speaks_to_a_machine"
    CRISIS_WORDING = "crisis_wording"


TRANSLATION_PROBLEMS: Final[dict[TranslationProblem, tuple[str, str]]] = {
    TranslationProblem.UNREADABLE: ("Unreadable", "The machine's answer could not be read."),
    TranslationProblem.VALUES_CHANGED: ("Values changed", "A number, name, link or reference was left out, repeated or changed."),
    TranslationProblem.FACTS_ADDED: ("Facts added", "There was a number, amount or e-mail address that the original does not have."),
    TranslationProblem.LINK_ADDED: ("Link added", "There was a link or a mark-up that the original does not have."),
    TranslationProblem.DATES_CHANGED: ("Dates changed", "A month or a day of the week is not that of the original."),
    TranslationProblem.OTHER_LANGUAGE: ("Other language", "It is not in the language that was asked for."),
    TranslationProblem.OTHER_LENGTH: ("Other length", "It is far shorter or longer than the original."),
    TranslationProblem.OTHER_MEANING: ("Other meaning", "It seems to say something else than the original."),
    TranslationProblem.SPEAKS_TO_A_MACHINE: ("Speaks to a machine", "The words give orders to a machine, so none was asked."),
    TranslationProblem.CRISIS_WORDING: ("Crisis wording", "Words for a crisis are said in approved wording only, never in a machine's."),
}


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation beside a message. `text` is empty unless it is shown; `by` names the machine; `problem` says what was wrong."""

    status: TranslationStatus
    to: str
    text: str = ""
    source: str = ""
    by: str = ""
    problem: TranslationProblem | None = None

    @property
    def shown(self) -> bool:
        """Whether there is text to read."""
        return bool(self.text)

"""How good a brief is: what it caught of what was said, and that it says nothing that was not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guildhall.answers.facts_in_text import facts_in
from guildhall.vocabulary.briefs import Brief
from guildhall.vocabulary.signals import Grade

DIGITS = re.compile(r"\d+")
PROPER = re.compile(r"(?<![.!?“”\"(…] )(?<!^)\b[A-Z][a-z]{2,}\b")
TOLD = ("May a message be left",)


@dataclass(frozen=True)
class Conversation:
    """A written conversation and what a brief of it should hold. A service or risk may be one of several that fit."""

    id: str
    kind: str
    language: str
    turns: tuple[str, ...]
    services: tuple[tuple[str, ...], ...]
    facts: tuple[tuple[str, str], ...]
    risks: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Conversation":
        """One line of a set."""
        risks = [(risk,) if isinstance(risk, str) else tuple(risk) for risk in data["risks"]]
        return cls(
            data["id"], data["kind"], data["language"], tuple(data["turns"]), tuple(tuple(one) for one in data["services"]),
            tuple((label, value) for label, value in data["facts"]), tuple(risks),
        )  # fmt: skip


@dataclass
class Tally:
    """Counts over many briefs."""

    facts_expected: int = 0
    facts_found: int = 0
    facts_told: int = 0
    facts_right: int = 0
    services_expected: int = 0
    services_found: int = 0
    risks_expected: int = 0
    risks_found: int = 0
    risks_told: int = 0
    risks_right: int = 0
    firsts_told: int = 0
    firsts_right: int = 0
    languages_right: int = 0
    invented: int = 0
    briefs: int = 0
    notes: list[str] = field(default_factory=list)

    def measures(self) -> dict[str, float | None]:
        """The shares, by name; None where nothing was there to be measured."""
        return {
            "facts_recall": _share(self.facts_found, self.facts_expected),
            "facts_precision": _share(self.facts_right, self.facts_told),
            "wanted_has_service": _share(self.services_found, self.services_expected),
            "risks_recall": _share(self.risks_found, self.risks_expected),
            "first_risk_right": _share(self.firsts_right, self.firsts_told),
            "risks_precision": _share(self.risks_right, self.risks_told),
            "language_right": _share(self.languages_right, self.briefs),
            "invented": float(self.invented),
        }

    def add(self, conversation: Conversation, brief: Brief, names: Mapping[str, str]) -> None:
        """Score one brief. `names` are the services' names by key."""
        self.briefs += 1
        self._facts(conversation, brief)
        wanted = brief.wanted.casefold()
        for group in conversation.services:
            self.services_expected += 1
            if any(names.get(key, key).casefold() in wanted for key in group):
                self.services_found += 1
            else:
                self.notes.append(f"{conversation.id}: wanted lacks {' or '.join(group)}: {brief.wanted}")
        self._risks(conversation, brief)
        right = brief.language == conversation.language
        self.languages_right += right
        if not right:
            self.notes.append(f"{conversation.id}: language {brief.language}, not {conversation.language}")
        for what in invented(brief, conversation.turns, names.values()):
            self.invented += 1
            self.notes.append(f"{conversation.id}: INVENTED {what}")

    def _facts(self, conversation: Conversation, brief: Brief) -> None:
        expected = {(label, plain(value)) for label, value in conversation.facts}
        told = {(fact.label, plain(fact.value)) for fact in brief.facts}
        self.facts_expected += len(expected)
        self.facts_told += len(told)
        self.facts_found += len(expected & told)
        self.facts_right += len(expected & told)
        self.notes += [f"{conversation.id}: fact missing {one}" for one in sorted(expected - told)]
        self.notes += [f"{conversation.id}: fact wrong {one}" for one in sorted(told - expected)]

    def _risks(self, conversation: Conversation, brief: Brief) -> None:
        told = {risk.category.value: risk for risk in brief.risks}
        allowed = {name for group in conversation.risks for name in group}
        for group in conversation.risks:
            self.risks_expected += 1
            if set(group) & set(told):
                self.risks_found += 1
            else:
                self.notes.append(f"{conversation.id}: risk missing {' or '.join(group)}")
        self.risks_told += len(told)
        self.risks_right += len(set(told) & allowed)
        if brief.risks and brief.risks[0].grade == Grade.CONFIRM:
            self.firsts_told += 1
            self.firsts_right += brief.risks[0].category.value in allowed
        self.notes += [f"{conversation.id}: risk wrong {name} ({told[name].grade}): {told[name].words}" for name in set(told) - allowed]


def invented(brief: Brief, transcript: Sequence[str], names: Iterable[str]) -> list[str]:
    """Every number, checkable fact and proper name in the parts about what was said that the transcript does not hold."""
    said = " ".join(transcript)
    own = brief.wanted
    for name in sorted(names, key=len, reverse=True):
        own = re.sub(re.escape(name), " ", own, flags=re.IGNORECASE)
    told = [own, *(fact.value for fact in brief.facts if fact.label not in TOLD), *(risk.words for risk in brief.risks)]
    known = {(fact.kind, fact.value) for fact in facts_in(said)}
    digits, words = set(DIGITS.findall(said)), said.casefold()
    found = []
    for text in told:
        found += [number for number in DIGITS.findall(text) if number not in digits]
        found += [name for name in PROPER.findall(text) if name.casefold() not in words]
    found += [
        fact.words for fact in facts_in(own) if fact.kind in ("money", "date", "phone", "email") and (fact.kind, fact.value) not in known
    ]
    return found


def plain(value: str) -> str:
    """A value without spaces and punctuation, to compare."""
    return re.sub(r"[\s\-.,()'’]", "", value).casefold()


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

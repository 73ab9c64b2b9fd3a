"""What a resident reads once a drafted answer was decided, and what an adviser is warned of before they send an edited one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher

from guildhall.answers.request import Draft
from guildhall.answers.verify import verify
from guildhall.conversations.people import promise_by_hours
from guildhall.conversations.voice import approved_part
from guildhall.councils.profile import CouncilProfile
from guildhall.vocabulary.passages import Found, Passage
from guildhall.vocabulary.turns import PartKind, ReplyPart

WORD = re.compile(r"\S+|\n+")


@dataclass(frozen=True, slots=True)
class Warned:
    """What no cited passage holds in an edited text, and links that may not be sent at all."""

    unsupported: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a text beside another: kept, taken out (`-`) or put in (`+`)."""

    sign: str
    text: str


def answer_text(parts: Sequence[ReplyPart]) -> str:
    """The answer itself, without the notes around it: what an adviser may edit."""
    return "\n\n".join(part.text for part in parts if part.kind == PartKind.ANSWER)


def warnings_of(text: str, parts: Sequence[ReplyPart], passages: Sequence[Passage], hosts: Sequence[str], question: str) -> Warned:
    """Verify an edited text against the passages that the draft cited, as every composed text is."""
    cited = {citation.passage_id for part in parts for citation in part.citations}
    found = [Found(passage, 1.0, rank) for rank, passage in enumerate(passages, 1)]
    language = next((part.language for part in parts if part.kind == PartKind.ANSWER), "en")
    facts = verify(Draft(0, text, tuple(cited), language=language), found, hosts, question).facts
    return Warned(tuple(dict.fromkeys(facts.unsupported)), tuple(dict.fromkeys(facts.links_off_list)))


def changes(before: str, after: str) -> list[Change]:
    """Word by word, what an edit takes out and puts in."""
    old, new = WORD.findall(before), WORD.findall(after)
    found: list[Change] = []
    for kind, start, end, from_, to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Change("", " ".join(old[start:end])))
            continue
        found += [Change("-", " ".join(old[start:end]))] if end > start else []
        found += [Change("+", " ".join(new[from_:to]))] if to > from_ else []
    return found


def edit_distance(before: str, after: str) -> int:
    """How many words differ: those taken out and those put in."""
    return sum(len(change.text.split()) for change in changes(before, after) if change.sign)


def edited_parts(parts: Sequence[ReplyPart], text: str) -> tuple[ReplyPart, ...]:
    """The draft with an adviser's text in the place of its own. It keeps every citation: they are what it was checked against."""
    answers = [part for part in parts if part.kind == PartKind.ANSWER]
    citations = tuple(dict.fromkeys(citation for part in answers for citation in part.citations))
    notes = tuple(part for part in parts if part.kind != PartKind.ANSWER)
    return (*notes, replace(answers[0], text=text.strip(), citations=citations))


def checked_parts(parts: Sequence[ReplyPart], language: str, question: str, profile: CouncilProfile) -> tuple[ReplyPart, ...]:
    """An approved answer as the resident reads it: marked as checked by a colleague, and saying which question it answers."""
    mark = approved_part("supervised.checked", language, profile)
    return (mark, *(replace(part, question=part.question or question) if part.kind == PartKind.ANSWER else part for part in parts))


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A drafted answer that went to a person: why (`supervised.rejected` or `supervised.timed_out`), to whom, and whether they wait here."""

    wording: str
    language: str
    question: str
    queue: str
    live: bool
    at: datetime


def passed_on_parts(passed: PassedOn, reference: str, profile: CouncilProfile) -> tuple[ReplyPart, ...]:
    """What the resident is told of it."""
    told = approved_part(passed.wording, passed.language, profile, {"question": passed.question})
    if passed.live:
        return (told, approved_part("supervised.person_here", passed.language, profile, {"reference": reference}, person=True))
    return (told, promise_by_hours(profile, passed.queue, reference, passed.language, passed.at))

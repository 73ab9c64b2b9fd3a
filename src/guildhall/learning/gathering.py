"""Finds content gaps: reads what happened since the last look, takes the turns that did not help, and puts together what means the same.

A look goes on from the one before: a question joins the gap that it is most alike, questions that are like no gap wait for others
of their kind, and a gap, once found, keeps its id. Two processes may look at once; what the slower one found is thrown away.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from guildhall.learning.demand import due_on
from guildhall.learning.meaning import Floats, MeaningSpace, ReadsMeaning, grouped, joined
from guildhall.learning.titles import Titler
from guildhall.learning.unhelped import first_failed, is_private, open_parts, question_of, why_unhelped, without_masks
from guildhall.storage.gaps import GapStore, NewQuestions
from guildhall.storage.unhelped import DRAFT_DECIDED, Happened, UnhelpedReader
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.gaps import Gap, Missed, Unhelped

AT_ONCE: Final = 1500
WAITING_AT_MOST: Final = 1000
"""Of the questions that are like no gap, so many of the newest are compared again with what is new."""
LEAST_CONVERSATIONS: Final = 2
NAMED_BY_AT_MOST: Final = 200
EMBEDDED_AT_ONCE: Final = 64
LATELY: Final = timedelta(days=28)
REJECTED: Final = "rejected"
Progress = Callable[[int, int], None]
_Found = tuple[list[tuple[Missed, Floats]], dict[tuple[str, int], str], list[Gap]]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look brought: questions that were not answered, how many of them are in a gap, and the gaps that are new."""

    questions: int = 0
    in_gaps: int = 0
    new_gaps: int = 0


@dataclass
class _Groups:
    """Every gap as the sum of what its questions mean, while a look is under way."""

    sums: dict[str, Floats] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def add(self, gap: str, vectors: Floats) -> None:
        """Put questions into a gap."""
        self.sums[gap] = self.sums.get(gap, np.zeros(vectors.shape[1], np.float32)) + vectors.sum(axis=0)
        self.sizes[gap] = self.sizes.get(gap, 0) + len(vectors)

    def like(self, vectors: Floats) -> list[str]:
        """The gap of each question, or nothing."""
        ids = list(self.sums)
        if not ids:
            return [""] * len(vectors)
        places = joined(vectors, np.stack(list(self.sums.values())), list(self.sizes.values()))
        return [ids[place] if place >= 0 else "" for place in places]


@dataclass(frozen=True)
class Gathering:
    """Looks for gaps of one council. `mask` takes personal data out of a text before anything reads it."""

    reader: UnhelpedReader
    store: GapStore
    encoder: ReadsMeaning
    space: MeaningSpace
    titler: Titler
    mask: Callable[[str], str]
    pages: Callable[[], Mapping[str, str]]
    """The page of every passage there is, by the passage's id."""
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]

    def look(self, progress: Progress = lambda _done, _all: None) -> Looked:
        """Look at everything that happened since the last look."""
        before, upto = self.store.mark(), self.reader.newest()
        looked, total, begun = Looked(), upto - before, before
        self._read_again()
        groups, pages = self._known(), self.pages()
        for lot, seq, last in _in_lots(self._unhelped(before, upto), upto):
            found, moved, gaps = self._put_together(lot, groups, pages)
            at = upto if last else seq
            if not self.store.keep(NewQuestions(self.encoder.identity, before, at, found, gaps, moved), self.clock()):
                return looked  # another process was quicker, and found the same
            before = at
            self._name({missed.gap for missed, _ in found} | set(moved.values()))
            in_gaps = sum(bool(missed.gap) for missed, _ in found) + len(moved)
            looked = Looked(looked.questions + len(found), looked.in_gaps + in_gaps, looked.new_gaps + len(gaps))
            progress(before - begun, max(total, 1))
        self._name({gap.id for gap in self.store.gaps() if not gap.words})
        progress(max(total, 1), max(total, 1))
        return looked

    def _unhelped(self, after: int, upto: int) -> Iterator[tuple[int, Happened, Unhelped]]:
        """Turns that did not help, with the place of the event that says so."""
        for event in self.reader.after(after, upto):
            for turn, why in self._said_by(event):
                if not is_private(turn.facts):
                    yield event.seq, turn, why

    def _said_by(self, event: Happened) -> list[tuple[Happened, Unhelped]]:
        if event.kind == EventKind.TURN_COMPLETED.value:
            why = why_unhelped(event.facts)
            if why != Unhelped.ASKED_BACK_TWICE:
                return [(event, why)] if why else []
            turns = [turn for turn in self.reader.turns_of(event.conversation_id) if turn.seq <= event.seq]
            return [(turns[first_failed([turn.facts for turn in turns])], why)]
        why = _said_later(event)
        turns = [turn for turn in self.reader.turns_of(event.conversation_id) if turn.seq < event.seq] if why else []
        about = event.turn_id or str(event.facts.get("turn", ""))
        reference = event.facts.get("reference")
        chosen = [turn for turn in turns if turn.turn_id == about] if about else []
        chosen = chosen or [turn for turn in turns if reference and turn.facts.get("reference") == reference] or turns[-1:]
        return [(chosen[-1], why)] if chosen and why else []

    def _put_together(self, lot: Sequence[tuple[Happened, Unhelped]], groups: _Groups, pages: Mapping[str, str]) -> _Found:
        """New questions with their gaps, older ones that have found one, and the gaps that are new."""
        fresh = self._read(lot, pages)
        if not fresh:
            return [], {}, []
        waiting = self.store.meanings(self.encoder.identity, "", WAITING_AT_MOST)
        everything = [*waiting, *fresh]
        placed = self.space.place(np.stack([raw for _, raw in everything]))
        gap_of = groups.like(placed)
        for gap in dict.fromkeys(filter(None, gap_of)):
            groups.add(gap, placed[[place for place, one in enumerate(gap_of) if one == gap]])
        gaps = self._new_gaps(everything, placed, gap_of, groups)
        moved: dict[tuple[str, int], str] = {(m.turn_id, m.part): gap for (m, _), gap in zip(waiting, gap_of, strict=False) if gap}
        found = [(replace(m, gap=gap), raw) for (m, raw), gap in zip(fresh, gap_of[len(waiting) :], strict=True)]
        return found, moved, gaps

    def _read_again(self) -> None:
        """After the encoder was changed: what older questions mean, as the new one has it."""
        old = self.store.read_by_others(self.encoder.identity)
        for start in range(0, len(old), EMBEDDED_AT_ONCE):
            some = old[start : start + EMBEDDED_AT_ONCE]
            words = self.reader.words({one.event_id: one.conversation_id for one in some})
            kept = [one for one in some if one.event_id in words]
            texts = [without_masks(self.mask(question_of(one.part, words[one.event_id]))) for one in kept]
            if kept:
                self.store.read_again(self.encoder.identity, list(zip(kept, self.encoder.features(texts), strict=True)))

    def _known(self) -> _Groups:
        groups = _Groups()
        of_gap: defaultdict[str, list[Floats]] = defaultdict(list)
        for missed, raw in self.store.meanings(self.encoder.identity):
            if missed.gap:
                of_gap[missed.gap].append(raw)
        for gap, raws in sorted(of_gap.items()):
            groups.add(gap, self.space.place(np.stack(raws)))
        return groups

    def _new_gaps(self, everything: Sequence[tuple[Missed, Floats]], placed: Floats, gap_of: list[str], groups: _Groups) -> list[Gap]:
        """Put together what is like no gap; `gap_of` is filled in."""
        left = [place for place, gap in enumerate(gap_of) if not gap]
        made: list[Gap] = []
        for rows in grouped(placed[left]):
            places = [left[row] for row in rows]
            asked = [everything[place][0] for place in places]
            if len({one.conversation_id for one in asked}) < LEAST_CONVERSATIONS:
                continue
            gap = self._gap(asked)
            made.append(gap)
            groups.add(gap.id, placed[places])
            for place in places:
                gap_of[place] = gap.id
        return made

    def _gap(self, asked: Sequence[Missed]) -> Gap:
        now = self.clock()
        lately = len({one.conversation_id for one in asked if now - one.at < LATELY})
        page = _most_common(one.page for one in asked)
        return Gap(self.new_id("gap"), now, _most_common(one.service for one in asked), due_on=due_on(lately, now), page=page)

    def _read(self, lot: Sequence[tuple[Happened, Unhelped]], pages: Mapping[str, str]) -> list[tuple[Missed, Floats]]:
        """The questions of turns that are not here yet, with their features. What was erased is passed over."""
        unique: dict[str, tuple[Happened, Unhelped]] = {}
        for turn, why in lot:
            unique.setdefault(turn.turn_id, (turn, why))
        known = self.store.known(unique)
        new = [pair for turn_id, pair in unique.items() if turn_id not in known]
        words = self.reader.words({turn.id: turn.conversation_id for turn, _ in new})
        asked: list[tuple[Missed, str]] = []
        for turn, why in new:
            said = words.get(turn.id)
            for part in open_parts(why, said) if said else ():
                text = without_masks(self.mask(question_of(part, said or {})))
                if text:
                    asked.append((_missed(turn, why, part, pages), text))
        features: list[Floats] = []
        for start in range(0, len(asked), EMBEDDED_AT_ONCE):
            features.extend(self.encoder.features([text for _, text in asked[start : start + EMBEDDED_AT_ONCE]]))
        return [(missed, row) for (missed, _), row in zip(asked, features, strict=True)]

    def _name(self, gap_ids: set[str]) -> None:
        """Title gaps afresh from the words that their questions share now."""
        for gap_id in sorted(filter(None, gap_ids)):
            asked = self.store.questions(gap_id)[:NAMED_BY_AT_MOST]
            words = self.reader.words({one.event_id: one.conversation_id for one in asked})
            texts = [
                (one.conversation_id, without_masks(self.mask(question_of(one.part, words[one.event_id]))))
                for one in asked
                if one.event_id in words
            ]
            said_in = {conversation_id for conversation_id, _ in texts}
            self.store.name(gap_id, self.titler.words(texts), _most_common(one.service for one in asked), said_in)


def _said_later(event: Happened) -> Unhelped | None:
    """What a later event says of a turn."""
    if event.kind == EventKind.FEEDBACK_GIVEN.value and event.facts.get("helpful") is False:
        return Unhelped.JUDGED_UNHELPFUL
    if event.kind == EventKind.HANDOFF_CLOSED.value and event.facts.get("right_team") is False:
        return Unhelped.WRONGLY_ROUTED
    if event.kind == DRAFT_DECIDED and REJECTED in (event.facts.get("decision"), event.facts.get("status")):
        return Unhelped.DRAFT_REJECTED
    return None


def _missed(turn: Happened, why: Unhelped, part: int, pages: Mapping[str, str]) -> Missed:
    facts = turn.facts
    services: Sequence[Sequence[Mapping[str, Any]]] = facts.get("services", ())
    of_part = services[part] if 0 <= part < len(services) else next(iter(services), ())
    passages = facts.get("passages", ())
    return Missed(
        turn_id=turn.turn_id,
        conversation_id=turn.conversation_id,
        event_id=turn.id,
        at=turn.at,
        why=why,
        part=part,
        service=str(of_part[0]["key"]) if of_part else "",
        language=str(facts.get("language", "")),
        channel=str(facts.get("channel", "")),
        person=str(facts.get("person", "")),
        page=next((pages[passage["id"]] for passage in passages if passage["id"] in pages), ""),
    )


def _most_common(values: Iterator[str]) -> str:
    counts = Counter(value for value in values if value)
    return min(counts, key=lambda value: (-counts[value], value)) if counts else ""


def _in_lots(found: Iterator[tuple[int, Happened, Unhelped]], upto: int) -> Iterator[tuple[list[tuple[Happened, Unhelped]], int, bool]]:
    """Turns, so many at a time, with the place of the last event they come from, and whether they are the last of all."""
    lot: list[tuple[Happened, Unhelped]] = []
    seq = upto
    for seq_now, turn, why in found:
        if len(lot) >= AT_ONCE and seq_now != seq:
            yield lot, seq, False
            lot = []
        lot.append((turn, why))
        seq = seq_now
    yield lot, seq, True

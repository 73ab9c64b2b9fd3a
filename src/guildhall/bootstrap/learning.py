"""What is learned from turns that did not help, wired: content gaps, phrases, the council's own questions, and the long work on them."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.knowledge import open_multilingual
from guildhall.bootstrap.long_work import LongWork
from guildhall.bootstrap.understanding_weights import tuned_nine_path
from guildhall.learning.demand import Demand, demands
from guildhall.learning.gathering import LATELY, Gathering
from guildhall.learning.meaning import MeaningSpace
from guildhall.learning.titles import Titler
from guildhall.learning.unhelped import question_of
from guildhall.storage.gaps import GapStore
from guildhall.storage.knowledge import KnowledgeStore
from guildhall.storage.learning_jobs import JobStore
from guildhall.storage.phrases import PhraseStore
from guildhall.storage.trail import PastEvent, TrailReader
from guildhall.storage.turns import TurnReader
from guildhall.storage.unhelped import UnhelpedReader
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.gaps import Gap, Missed
from guildhall.vocabulary.rights import Looker

OF_GAPS = (EventKind.GAP_FOUND, EventKind.GAP_CHANGED, EventKind.GAP_RERUN)
SEEN_AT_MOST = 2000


class MultilingualMeaning:
    """The encoder of ten languages, as far as meaning goes: the mean over a text's words."""

    def __init__(self, settings: Any) -> None:
        self._settings = settings

    @cached_property
    def identity(self) -> str:
        """The digest of its weights."""
        tuned: Path = tuned_nine_path(self._settings.councils_dir / "_baseline")
        return f"e5-mean@{hashlib.sha256(tuned.read_bytes()).hexdigest()[:16]}"

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Float32 of shape (n, 384)."""
        found = open_multilingual(self._settings).features(texts)
        return found[:, : found.shape[1] // 2]


@dataclass(frozen=True)
class Learning:
    """One council's learning, over a house that is open."""

    guildhall: Guildhall
    gaps: GapStore
    phrases: PhraseStore
    jobs: JobStore
    reader: UnhelpedReader
    library: KnowledgeStore
    trail: TrailReader
    encoder: MultilingualMeaning

    @property
    def clock(self) -> Callable[[], datetime]:
        """The house's clock."""
        return self.guildhall.house.clock

    def gathering(self) -> Gathering:
        """What looks for gaps. The encoder is opened, which takes two seconds the first time."""
        services = self.guildhall.profile.services.values()
        known = [f"{service.name}: {service.summary}" for service in services]
        return Gathering(
            reader=self.reader,
            store=self.gaps,
            encoder=self.encoder,
            space=MeaningSpace(self.encoder.features(known)),
            titler=Titler([*known, *(synonym for service in services for synonym in service.synonyms)]),
            mask=self.masked,
            pages=self.pages,
            clock=self.clock,
            new_id=new_id,
        )

    def pages(self) -> Mapping[str, str]:
        """The page of every passage, by the passage's id."""
        return {name: str(source) for name, (source, _) in self.library.passage_owners().items()}

    def page_titles(self) -> Mapping[str, tuple[str, str]]:
        """Title and digest of every page, by its id."""
        return {str(kept.source.id): (kept.source.title, kept.source.digest) for kept in self.library.sources()}

    def demands(self) -> Mapping[str, Demand]:
        """How much each gap is asked for."""
        now = self.clock()
        turns = TurnReader(self.guildhall.database, self.guildhall.profile.slug)
        return demands(self.gaps.questions(), now, turns.conversations(now - LATELY))

    def title(self, gap: Gap) -> str:
        """What a gap is called: its service, and the words that its questions share."""
        service = next((found.name for key, found in self.guildhall.profile.services.items() if key == gap.service), "")
        words = ", ".join(gap.words)
        return f"{service}: {words}" if service and words else service or words.capitalize() or "Not named yet"

    def content_changed(self, gap: Gap, titles: Mapping[str, tuple[str, str]] | None = None) -> bool:
        """Whether the page that a gap is linked to changed since it was linked, or since its questions were last asked again."""
        known = titles if titles is not None else self.page_titles()
        return bool(gap.page and gap.page_digest) and known.get(gap.page, ("", ""))[1] != gap.page_digest

    def link(self, gap_id: str, page: str, by: str) -> Gap:
        """Link a gap to the page concerned, as the page is now; or to none."""
        return self.gaps.change(gap_id, by, self.clock(), page=page, page_digest=self.page_titles().get(page, ("", ""))[1])

    def opened(self, looker: Looker, asked: Sequence[Missed]) -> dict[tuple[str, int], str]:
        """What was asked, masked, by turn and part; that somebody looks, and why, is in the record first. What was erased is left out."""
        views = self.guildhall.rights.views
        found = views.questions(looker, "unanswered questions", {one.event_id: one.conversation_id for one in asked}, self.reader)
        return {(one.turn_id, one.part): self.masked(question_of(one.part, found[one.event_id])) for one in asked if one.event_id in found}

    def masked(self, text: str) -> str:
        """A text with personal data masked."""
        return self.guildhall.house.understanding.redact(text).text

    def history(self, gap_id: str) -> list[PastEvent]:
        """Who did what about a gap, newest first."""
        events = (event for kind in OF_GAPS for event in self.trail.of_council(kind.value, None, SEEN_AT_MOST))
        return sorted((event for event in events if event.facts.get("gap") == gap_id), key=lambda event: event.at, reverse=True)

    @property
    def work(self) -> LongWork:
        """Begins long work and notes how far it is; `jobs` has it afterwards."""
        return LongWork(self.jobs, self.clock, self.guildhall.house.stopwatch)


def open_learning(guildhall: Guildhall) -> Learning:
    """The learning of a house that is open."""
    database, keys, slug = guildhall.database, guildhall.record.keys, guildhall.profile.slug
    return Learning(
        guildhall=guildhall,
        gaps=GapStore(database, keys, slug, new_id),
        phrases=PhraseStore(database, keys, slug, new_id),
        jobs=JobStore(database, slug, new_id),
        reader=UnhelpedReader(database, keys, slug),
        library=KnowledgeStore(database, slug),
        trail=TrailReader(database),
        encoder=MultilingualMeaning(guildhall.settings),
    )

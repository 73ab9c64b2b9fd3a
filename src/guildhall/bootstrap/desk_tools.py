"""What an adviser reaches for while they answer: replies and macros by code, the council's own content, transfers, snoozes, labels, wrap-ups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guildhall.answers.plain_words import plain_words
from guildhall.bootstrap.desk import Desk
from guildhall.bootstrap.identifiers import new_id
from guildhall.conversations.ports import Searches
from guildhall.councils.profile import CouncilProfile
from guildhall.handoffs.desk_file import PLACEHOLDER, ApprovedReply, Macro
from guildhall.storage.database import Database
from guildhall.storage.endings import EndingStore
from guildhall.storage.floor import FloorReader
from guildhall.storage.keys import KeyRing
from guildhall.storage.labels import LabelStore
from guildhall.storage.transfers import TransferStore
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.passages import Passage

RESULTS = 8
ENGLISH = Language.ENGLISH.value


@dataclass(frozen=True, slots=True)
class Insertable:
    """A reply as it would be put into the box: filled, in the resident's language where there is one, and with who stands behind it."""

    code: str
    title: str
    text: str
    language: str
    reviewed: bool
    """Whether a speaker of the language has checked the text."""
    overdue: bool
    """Whether its review is overdue."""
    owner: str
    wording: str = ""


@dataclass(frozen=True, slots=True)
class ContentResult:
    """A passage of the council's content that fits what the adviser looks for. `evidence` is the score that answers rest on."""

    passage: Passage
    published: str
    """Its own words without the heading, in Markdown."""
    evidence: float = 0.0

    @property
    def quote(self) -> str:
        """Its words as they are put into a message, which is plain text."""
        return plain_words(self.published)

    @classmethod
    def of(cls, passage: Passage, evidence: float = 0.0) -> "ContentResult":
        """A passage with its own words, without the heading."""
        lines = [line for line in passage.text.splitlines() if not line.startswith("#")]
        return cls(passage, "\n".join(lines).strip(), evidence)


@dataclass(frozen=True)
class DeskTools:
    """Wired for one council."""

    profile: CouncilProfile
    library: Searches
    labels: LabelStore
    transfers: TransferStore
    endings: EndingStore
    floor: FloorReader

    # by code

    def replies(self, language: str, values: Mapping[str, str], today: date) -> list[Insertable]:
        """Every reply, by title, filled with what `{reference}`, `{queue}`, `{council}` and `{adviser}` stand for."""
        made = [self._insertable(code, reply, language, values, today) for code, reply in self.profile.desk.replies.items()]
        return sorted(made, key=lambda one: one.title.casefold())

    def reply(self, code: str, language: str, values: Mapping[str, str], today: date) -> Insertable | None:
        """The reply of that code."""
        found = self.profile.desk.replies.get(code)
        return self._insertable(code, found, language, values, today) if found else None

    def macro(self, code: str) -> Macro | None:
        """The macro of that code."""
        return self.profile.desk.macros.get(code)

    def _insertable(self, code: str, reply: ApprovedReply, language: str, values: Mapping[str, str], today: date) -> Insertable:
        filled = {"council": self.profile.council.name, **values}
        overdue = reply.review_by < today
        if reply.wording:
            spoken = self.profile.wordings.language_of(reply.wording, language)
            text = self.profile.wordings.say(reply.wording, spoken, **filled)
            reviewed = self.profile.wordings.status(reply.wording, spoken) == "approved"
            return Insertable(code, reply.title, text, spoken, reviewed, overdue, reply.owner, reply.wording)
        spoken = language if language in reply.texts else ENGLISH
        entry = reply.texts[Language(spoken)]
        text = PLACEHOLDER.sub(lambda match: filled.get(match[1], match[0]), entry.text).strip()
        return Insertable(code, reply.title, text, spoken, entry.status == "approved", overdue, reply.owner)

    # the council's content

    def search(self, query: str) -> tuple[ContentResult, ...]:
        """Passages that fit, the best first; nothing for an empty query."""
        if not query.strip():
            return ()
        found = self.library.search(query.strip(), limit=RESULTS)
        return tuple(ContentResult.of(one.passage, one.score) for one in found)

    def passage(self, passage_id: str) -> Passage | None:
        """A passage that is still published."""
        return self.library.passage(passage_id)

    def citations(self, passage_ids: Sequence[str]) -> list[dict[str, str]]:
        """What a message carries for its sources, as `Message.citations` has it; a passage that is gone carries nothing."""
        found = [self.passage(passage_id) for passage_id in dict.fromkeys(passage_ids)]
        return [
            {"passage": p.id, "title": p.title, "section": p.section, "url": p.url, "updated": p.updated} for p in found if p is not None
        ]


def open_desk_tools(database: Database, keys: KeyRing, profile: CouncilProfile, library: Searches, desk: Desk) -> DeskTools:
    """The tools over a database."""
    return DeskTools(
        profile=profile,
        library=library,
        labels=LabelStore(database, keys, new_id, profile.handoffs.desk.labels),
        transfers=desk.transfers,
        endings=EndingStore(database, keys, new_id),
        floor=FloorReader(database),
    )

"""A drafted paper: sections of fields, each filled with facts or with questions that are still open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from guildhall.assurance.config import PaperKind, Standard
from guildhall.assurance.facts import Fact, Known, Missing
from guildhall.assurance.live import Table

Content = Fact | Missing | Table


@dataclass(frozen=True, slots=True)
class Entry:
    """One field and what stands in it."""

    id: str
    label: str
    content: tuple[Content, ...]

    def known(self) -> Iterator[tuple[str, Known]]:
        """Every fact and open question in it, under a key that stays the same from draft to draft."""
        for place, item in enumerate(self.content):
            if isinstance(item, Table):
                for row in item.rows:
                    yield from ((f"{self.id}/{row.key}/{column}", cell) for column, cell in zip(item.columns, row.cells, strict=True))
            else:
                yield f"{self.id}/{place}" if place else self.id, item

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What is not answered in it."""
        return tuple(item for _, item in self.known() if isinstance(item, Missing))

    @property
    def filled(self) -> bool:
        """Whether something stands in it and nothing is open."""
        return not self.missing and any(isinstance(item, Fact) for _, item in self.known())


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A heading with its fields."""

    heading: str
    intro: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How full a paper is."""

    fields: int
    from_system: int
    from_people: int
    to_confirm: int
    unanswered: int

    @property
    def filled(self) -> int:
        """Fields with nothing open."""
        return self.from_system + self.from_people

    @property
    def share(self) -> int:
        """The same in whole percent, rounded down, so that 100 means all."""
        return 100 * self.filled // self.fields if self.fields else 0

    def sentence(self) -> str:
        """In words, for the head of the paper and the terminal."""
        return (
            f"{self.share}% filled ({self.filled} of {self.fields} fields): {self.from_system} from the running system alone, "
            f"{self.from_people} with people's answers, of which {self.to_confirm} to be confirmed; {self.unanswered} not yet answered."
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as drafted at one moment."""

    kind: PaperKind
    title: str
    council: str
    slug: str
    standard: Standard
    public: bool
    review_days: int
    drafted_at: datetime
    pack: Fact
    sections: tuple[PaperSection, ...]

    def entries(self) -> Iterator[Entry]:
        """Every field, in order."""
        for section in self.sections:
            yield from section.entries

    def facts(self) -> dict[str, Fact]:
        """Every fact by its key, the policy pack first."""
        found = {key: item for entry in self.entries() for key, item in entry.known() if isinstance(item, Fact)}
        return {"pack": self.pack} | found

    def open_questions(self) -> tuple[tuple[Entry, Missing], ...]:
        """Everything not yet answered, each question once."""
        found = {(missing.question, missing.who): (entry, missing) for entry in self.entries() for missing in entry.missing}
        return tuple(found.values())

    @property
    def counts(self) -> Counts:
        """How full it is. A field that is repeated for every model is one field, filled when it is for all of them."""
        fields: dict[str, list[Entry]] = {}
        for entry in self.entries():
            fields.setdefault(entry.id.partition(":")[0], []).append(entry)
        filled = [entries for entries in fields.values() if all(entry.filled for entry in entries)]
        facts = [[item for entry in entries for _, item in entry.known() if isinstance(item, Fact)] for entries in filled]
        people = [found for found in facts if any(fact.said_by_people for fact in found)]
        confirm = [found for found in people if any(fact.confirm for fact in found)]
        return Counts(len(fields), len(filled) - len(people), len(people), len(confirm), len(fields) - len(filled))

"""A house for questions that are asked to see what would come of them: the same understanding, content and rules, and a memory that passes.

Its database is in the memory of this process, so nobody is asked for a person, nothing gets into a resident's record, and no word
of a resident touches a disk.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from guildhall.bootstrap.desk import open_desk
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id, new_reference, new_secret
from guildhall.conversations.house import House
from guildhall.knowledge.config import Lexicon
from guildhall.knowledge.library import Library
from guildhall.learning.phrased import Entry, PhrasedUnderstanding, with_entries
from guildhall.records.sealing import KEY_BYTES, Sealer
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.storage.people import PeopleStore
from guildhall.storage.record import Record
from guildhall.vocabulary.events import Event

IN_MEMORY = "sqlite://"


class Nowhere:
    """A spool for what need not be kept."""

    def keep(self, event: Event) -> None:
        """Keep nothing."""


@dataclass(frozen=True)
class Passing:
    """The house, and the conversations in it."""

    house: House
    conversations: ConversationStore

    def with_words(self, lexicon: Lexicon, entries: tuple[Entry, ...]) -> House:
        """The same house with these words in use, and no other released ones."""
        house, understanding = self.house, self.house.understanding
        inner = understanding.inner if isinstance(understanding, PhrasedUnderstanding) else understanding
        library = house.library.index().speaking(with_entries(lexicon, entries)) if isinstance(house.library, Library) else house.library
        return replace(house, understanding=PhrasedUnderstanding(inner, lambda: entries), library=library)


@contextmanager
def passing_house(guildhall: Guildhall) -> Iterator[Passing]:
    """The house of a council with a memory of its own, which is gone afterwards. Use it in the thread that opened it."""
    database, keys_database = Database(IN_MEMORY), Database(IN_MEMORY)
    try:
        upgrade(database)
        keys = KeyRing(Sealer(os.urandom(KEY_BYTES)), keys_database, None, new_id)
        conversations = ConversationStore(database, keys, guildhall.profile.slug, new_id, new_secret)
        desk = open_desk(database, keys, guildhall.profile)
        house = replace(
            guildhall.house,
            records=Record(database, keys),
            spool=Nowhere(),
            conversations=conversations,
            people=PeopleStore(database, keys, new_id, new_reference),
            desk=desk,
        )
        yield Passing(house, conversations)
        desk.close()
    finally:
        database.close()
        keys_database.close()

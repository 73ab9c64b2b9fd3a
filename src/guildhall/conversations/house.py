"""Everything one turn may use, handed to each step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from guildhall.answers.request import Composer
from guildhall.conversations.ports import (
    AsksForPerson,
    ChoosesPacks,
    KeepsForLater,
    KnowsDesk,
    KnowsSwitches,
    Records,
    Remembers,
    Searches,
    Supervises,
    Understands,
)
from guildhall.councils.profile import CouncilProfile

Clock = Callable[[], datetime]
NewId = Callable[[str], str]


@dataclass(frozen=True)
class House:
    """The ports of a turn. `composers` are tried in order; the last one is the embedded composer, which needs no network."""

    profile: CouncilProfile
    understanding: Understands
    library: Searches
    composers: tuple[Composer, ...]
    records: Records
    spool: KeepsForLater
    conversations: Remembers
    people: AsksForPerson
    desk: KnowsDesk
    packs: ChoosesPacks
    switches: KnowsSwitches
    supervision: Supervises
    clock: Clock
    new_id: NewId
    stopwatch: Callable[[], float]

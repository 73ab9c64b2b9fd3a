"""The line as everybody sees it: who stands where, and how long that takes. Read once for all residents who wait."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from guildhall.councils.profile import CouncilProfile
from guildhall.handoffs.assigning import PASSED_FOR, Rules
from guildhall.handoffs.expecting import LOOK_BACK, expected_seconds
from guildhall.handoffs.ordering import FOLLOWED_FOR
from guildhall.handoffs.presence import is_present
from guildhall.handoffs.watching import Look
from guildhall.storage.advisers import AdviserStore
from guildhall.storage.lines import LineReader
from guildhall.vocabulary.handoffs import Lane, Standing

Places = Mapping[str, Standing]


@dataclass
class DeskLine:
    """Looks at the desk. Places are kept until something happens or a second passes."""

    profile: CouncilProfile
    reader: LineReader
    advisers: AdviserStore
    _kept: tuple[tuple[int, datetime], Places] | None = field(default=None)

    def look(self, now: datetime) -> Look:
        """The desk as it is."""
        found = self.reader.open()
        danger = any(handoff.lane == Lane.DANGER for handoff in found)
        rules = Rules(self.profile.handoffs, self.profile.calendar, now, self.reader.passed_since(now - PASSED_FOR))
        return Look(found, self.advisers.everyone(), rules, self.reader.danger_since(now - FOLLOWED_FOR) if danger else ())

    def standings(self, now: datetime) -> Places:
        """The place of everybody who waits in a conversation, by reference."""
        as_of = (self.reader.last_change(), now.replace(microsecond=0))
        if self._kept is None or self._kept[0] != as_of:
            self._kept = (as_of, self._places(now))
        return self._kept[1]

    def _places(self, now: datetime) -> Places:
        look = self.look(now)
        line = look.line()
        joins = self.reader.joins_since(now - 2 * LOOK_BACK)
        present = {queue: self._present(look, queue) for queue in {handoff.queue for handoff in line}}
        first = {handoff.queue: handoff.waits_since for handoff in reversed(line) if handoff.live}
        places: Counter[str] = Counter()
        found: dict[str, Standing] = {}
        for handoff in line:
            places[handoff.queue] += 1
            if not handoff.live:
                continue
            here, position = present[handoff.queue], places[handoff.queue]
            expected = expected_seconds(position, joins.get(handoff.queue, ()), now, first[handoff.queue]) if here else None
            found[handoff.reference] = Standing(handoff.reference, handoff.queue, position, here, expected)
        return found

    def _present(self, look: Look, queue: str) -> int:
        return sum(is_present(adviser, look.now) for adviser in look.serving(queue)) if look.rules.is_open(queue) else 0

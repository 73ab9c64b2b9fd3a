"""An adviser at the desk, as a test of the resident's side needs one: present, joins, writes, leaves. Everything goes through the desk's stores."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from guildhall.bootstrap.desk import Desk
from guildhall.bootstrap.house import Guildhall
from guildhall.handoffs.ordering import in_order
from guildhall.storage.messages import Message
from guildhall.storage.staff import StaffStore
from guildhall.vocabulary.handoffs import AdviserStatus, PassedBack, WrapUp
from guildhall.vocabulary.staff import StaffId

NUMBERS = count(1)


@dataclass
class Adviser:
    """One adviser. Made by `seat`."""

    guildhall: Guildhall
    id: str

    @property
    def now(self) -> datetime:
        return self.guildhall.house.clock()

    @property
    def _desk(self) -> Desk:
        return self.guildhall.desk

    def _reference(self, conversation_id: str) -> str:
        handoff = self._desk.handoffs.live_of(conversation_id)
        assert handoff is not None
        return handoff.reference

    def waiting(self) -> str:
        """The reference of the one who waits first."""
        return str(in_order(h for h in self._desk.handoffs.waiting() if h.live)[0].reference)

    def join(self, reference: str = "") -> str:
        """Take a conversation; its id."""
        return str(self._desk.handoffs.accept(reference or self.waiting(), self.id, self.now).conversation_id)

    def write(self, conversation_id: str, text: str, **more: Any) -> str:
        """Send a message; its id."""
        message_id = f"mess_{next(NUMBERS)}"
        self._desk.messages.send(conversation_id, self.id, message_id, Message(text, **more), self.now)
        return message_id

    def type(self, conversation_id: str) -> None:
        """Be seen to write."""
        self._desk.say_typing(conversation_id, "adviser", self.now)

    def read(self, conversation_id: str) -> None:
        """See everything that was said until now."""
        self._desk.marks.mark(conversation_id, self.id, self._desk.threads.last(conversation_id), self.now)

    def close(self, conversation_id: str) -> None:
        """Wrap it up."""
        self._desk.handoffs.close(self._reference(conversation_id), self.id, WrapUp.RESOLVED, True, self.now)

    def pass_back(self, conversation_id: str, why: PassedBack, queue: str = "") -> None:
        """Put it back into a queue."""
        self._desk.handoffs.pass_back(self._reference(conversation_id), why, self.now, staff_id=self.id, queue=queue)


def seat(guildhall: Guildhall, name: str = "Priya Shah", queue: str = "") -> Adviser:
    """Somebody who is here for the default queue, or another."""
    staff_id = f"staff_{next(NUMBERS)}"
    now = guildhall.house.clock()
    StaffStore(guildhall.database).add(StaffId(staff_id), name, staff_id, now)
    queues = [queue or guildhall.profile.handoffs.default_queue]
    guildhall.desk.advisers.set(staff_id, queues, ["en"], False, 5, "supervisor", now)
    guildhall.desk.advisers.set_status(staff_id, AdviserStatus.AVAILABLE, now)
    return Adviser(guildhall, staff_id)

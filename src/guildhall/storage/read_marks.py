"""How far each side of a conversation has read: the resident, and each member of staff who has it open. Holds no words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select, update

from guildhall.storage.changes import note_sign, take_turn
from guildhall.storage.database import Database
from guildhall.storage.desk_schema import read_marks

RESIDENT: Final = "resident"
"""The resident's side; every other side is the id of a member of staff."""
SEEN: Final = "seen"
"""The side under which `Changes` tells that somebody has read further."""


class ReadMarks:
    """Repository of read marks. A mark is the number (`seq`) of the newest event that was shown, and only moves on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, conversation_id: str, side: str, seq: int, at: datetime) -> bool:
        """A side has read up to here, which every process hears. False when it had read that far before."""
        if self.of(conversation_id).get(side, 0) >= seq:
            return False
        mine = (read_marks.c.conversation_id == conversation_id, read_marks.c.side == side)
        with self._database.writing() as connection:
            take_turn(connection)
            before = connection.execute(select(read_marks.c.seq).where(*mine)).scalar()
            if before is not None and before >= seq:
                return False
            if before is None:
                connection.execute(insert(read_marks).values(conversation_id=conversation_id, side=side, seq=seq, at=at))
            else:
                connection.execute(update(read_marks).where(*mine).values(seq=seq, at=at))
            note_sign(connection, conversation_id, SEEN, at)
        return True

    def of(self, conversation_id: str) -> Mapping[str, int]:
        """How far each side has read."""
        query = select(read_marks.c.side, read_marks.c.seq).where(read_marks.c.conversation_id == conversation_id)
        with self._database.reading() as connection:
            return {row.side: int(row.seq) for row in connection.execute(query)}

    def seen_by_staff(self, conversation_id: str) -> int:
        """How far anybody of staff has read: what the resident said up to there is `seen`."""
        return max((seq for side, seq in self.of(conversation_id).items() if side != RESIDENT), default=0)

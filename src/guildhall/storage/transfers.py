"""Passing a conversation on: to a colleague who is asked first, to another team, or by a supervisor.

Whoever asks a colleague keeps the conversation until the colleague takes it, so the resident is never without somebody. The reason is a
private note, sealed with the conversation; what the resident is told is in the record in the words they see. Each pass is one transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, HandoffStore, NotTheOwnerError, held, locked, own, put_back
from guildhall.storage.keys import KeyRing
from guildhall.storage.messages import Note, write_note
from guildhall.storage.schema import handoffs
from guildhall.storage.tools_schema import transfer_offers
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import HELD, Handoff, HandoffStatus, PassedBack
from guildhall.vocabulary.transfers import SupervisorReason, Transfer, TransferOffer
from guildhall.vocabulary.turns import Owner, ReplyPart


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer with when it was made and until when it can be taken."""

    offer: TransferOffer
    offered_at: datetime
    ends_at: datetime


class TransferStore:
    """Repository of transfers. `answer_within` is how long a colleague has to take what they are asked to take."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str], answer_within: timedelta) -> None:
        self._database = database
        self._handoffs = HandoffStore(database, keys, new_id)
        self._writer = EventWriter(keys, new_id)
        self.answer_within = answer_within

    # reading

    def offer_of(self, reference: str, now: datetime) -> OfferRow | None:
        """The offer of a conversation that can still be taken."""
        return next(iter(self._offers(now, transfer_offers.c.reference == reference)), None)

    def offers_to(self, staff_id: str, now: datetime) -> tuple[OfferRow, ...]:
        """What somebody is asked to take over, the oldest first."""
        return self._offers(now, transfer_offers.c.to_id == staff_id)

    def _offers(self, now: datetime, *where: Any) -> tuple[OfferRow, ...]:
        query = (
            select(transfer_offers)
            .join(handoffs, handoffs.c.reference == transfer_offers.c.reference)
            .where(
                handoffs.c.status.in_(HELD),
                handoffs.c.adviser_id == transfer_offers.c.from_id,
                transfer_offers.c.offered_at > now - self.answer_within,
                *where,
            )
            .order_by(transfer_offers.c.offered_at)
        )
        with self._database.reading() as connection:
            return tuple(OfferRow(_offer(row), row.offered_at, row.offered_at + self.answer_within) for row in connection.execute(query))

    # a colleague

    def offer(self, reference: str, staff_id: str, to: str, reason: Note, at: datetime) -> OfferRow:
        """Ask a colleague to take it. Asking another one takes the first question back.

        Raises NotTheOwnerError when the asker does not have it, RefusedError without a reason or to oneself.
        """
        if to == staff_id or not to:
            raise RefusedError("choose a colleague to pass it to.")
        with self._database.writing() as connection:
            found = held(connection, reference, staff_id)
            write_note(connection, self._writer, found.conversation_id, staff_id, replace(reason, mentioned=(to,)), at)
            connection.execute(delete(transfer_offers).where(transfer_offers.c.reference == reference))
            row = {"reference": reference, "conversation_id": found.conversation_id, "from_id": staff_id, "to_id": to, "offered_at": at}
            connection.execute(insert(transfer_offers).values(**row))
            self._say(connection, Transfer.OFFERED, found, at, by=staff_id, to=to)
        return OfferRow(TransferOffer(reference, found.conversation_id, staff_id, to), at, at + self.answer_within)

    def take(self, reference: str, staff_id: str, told: ReplyPart, at: datetime) -> Handoff:
        """Take what a colleague asks one to take. Raises NotTheOwnerError when the offer is over, or the colleague has it no more."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            offer = self._open_offer(connection, reference, staff_id, at)
            if found.status not in HELD or found.adviser_id != offer.from_id:
                raise NotTheOwnerError(f"{reference} is no longer with the colleague who asked you")
            connection.execute(delete(transfer_offers).where(transfer_offers.c.reference == reference))
            here = (handoffs.c.conversation_id == found.conversation_id, handoffs.c.status.in_(HELD))
            taken = {"status": HandoffStatus.ACCEPTED.value, "adviser_id": staff_id, "taken_at": at, "snoozed_until": None}
            connection.execute(update(handoffs).where(*here).values(**taken))
            self._say(connection, Transfer.TAKEN, found, at, by=offer.from_id, to=staff_id)
            facts = {"reference": reference, "by": staff_id, "queue": found.queue}
            self._writer.note(connection, EventKind.HANDOFF_ACCEPTED, at, found.conversation_id, facts)
            own(connection, self._writer, found.conversation_id, Owner.ADVISER, staff_id, at)
            self._writer.notice(connection, [told], at, found.conversation_id)
        return self._handoffs.get(reference)

    def decline(self, reference: str, staff_id: str, at: datetime) -> None:
        """Say no. Raises NotTheOwnerError when nobody asks any more."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            offer = self._open_offer(connection, reference, staff_id, at)
            self._end(connection, found, Transfer.DECLINED, offer, at)

    def take_back(self, reference: str, staff_id: str, at: datetime) -> None:
        """Not ask any more. Raises NotTheOwnerError when it was answered."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            row = connection.execute(select(transfer_offers).where(transfer_offers.c.reference == reference)).first()
            if row is None or row.from_id != staff_id:
                raise NotTheOwnerError(f"nobody is asked to take {reference} any more")
            self._end(connection, found, Transfer.WITHDRAWN, _offer(row), at)

    def lapse(self, now: datetime) -> int:
        """End the offers that nobody answered in time, or whose conversation has moved on. How many."""
        late = select(transfer_offers.c.reference).where(transfer_offers.c.offered_at <= now - self.answer_within)
        with self._database.reading() as connection:
            references = connection.execute(late).scalars().all()
        ended = 0
        for reference in references:
            with self._database.writing() as connection:
                found = locked(connection, reference)
                row = connection.execute(select(transfer_offers).where(transfer_offers.c.reference == reference)).first()
                if row is not None and row.offered_at <= now - self.answer_within:
                    self._end(connection, found, Transfer.LAPSED, _offer(row), now)
                    ended += 1
        return ended

    # a team

    def to_queue(self, reference: str, staff_id: str, queue: str, reason: Note, told: ReplyPart, at: datetime) -> Handoff:
        """Pass it to another team, where it waits with its place kept. Raises NotTheOwnerError, RefusedError without a reason."""
        with self._database.writing() as connection:
            found = held(connection, reference, staff_id)
            write_note(connection, self._writer, found.conversation_id, staff_id, reason, at)
            connection.execute(delete(transfer_offers).where(transfer_offers.c.reference == reference))
            self._say(connection, Transfer.TO_QUEUE, found, at, by=staff_id, queue=queue, **{"from": found.queue})
            self._writer.notice(connection, [told], at, found.conversation_id)
            put_back(connection, self._writer, found, PassedBack.TRANSFERRED, at, queue=queue)
        return self._handoffs.get(reference)

    # a supervisor

    def place(
        self,
        reference: str,
        supervisor: str,
        why: SupervisorReason,
        reason: Note,
        told: ReplyPart,
        at: datetime,
        *,
        queue: str = "",
        to: str = "",
    ) -> Handoff:
        """Take it out of whoever's hands it is in, into a queue, or offer it to somebody (`to`). Raises NotTheOwnerError when it is over."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            if found.status not in (*HELD, HandoffStatus.OFFERED, HandoffStatus.REQUESTED, HandoffStatus.BOOKED):
                raise NotTheOwnerError(f"{reference} is over")
            if not to and found.waits and queue in ("", found.queue):
                raise RefusedError(f"{reference} waits there already; choose another team or somebody to give it to.")
            write_note(connection, self._writer, found.conversation_id, supervisor, reason, at)
            connection.execute(delete(transfer_offers).where(transfer_offers.c.reference == reference))
            facts = {"why": why.value, "queue": queue or found.queue, "had": found.adviser_id}
            self._say(connection, Transfer.SUPERVISOR, found, at, by=supervisor, to=to, **facts)
            if found.status in HELD:
                self._writer.notice(connection, [told], at, found.conversation_id)
            if found.waits:
                values = {"queue": queue or found.queue} | (
                    {"status": HandoffStatus.OFFERED.value, "adviser_id": to, "offered_at": at} if to else {}
                )
                connection.execute(update(handoffs).where(handoffs.c.id == found.id).values(**values))
                if to:
                    self._writer.note(
                        connection,
                        EventKind.HANDOFF_OFFERED,
                        at,
                        found.conversation_id,
                        {"reference": reference, "to": to, "by": supervisor},
                    )
            else:
                put_back(connection, self._writer, found, PassedBack.SUPERVISOR, at, queue=queue, to=to)
        return self._handoffs.get(reference)

    def _open_offer(self, connection: Connection, reference: str, staff_id: str, at: datetime) -> TransferOffer:
        row = connection.execute(select(transfer_offers).where(transfer_offers.c.reference == reference)).first()
        if row is None or row.to_id != staff_id or row.offered_at <= at - self.answer_within:
            raise NotTheOwnerError(f"you are not asked to take {reference} any more")
        return _offer(row)

    def _end(self, connection: Connection, found: Handoff, how: Transfer, offer: TransferOffer, at: datetime) -> None:
        connection.execute(delete(transfer_offers).where(transfer_offers.c.reference == offer.reference))
        self._say(connection, how, found, at, by=offer.from_id, to=offer.to_id)

    def _say(self, connection: Connection, how: Transfer, found: Handoff, at: datetime, **facts: str) -> None:
        told = {"reference": found.reference, "how": how.value} | {key: value for key, value in facts.items() if value}
        self._writer.note(connection, EventKind.HANDOFF_TRANSFERRED, at, found.conversation_id, told)


def _offer(row: Any) -> TransferOffer:
    return TransferOffer(row.reference, row.conversation_id, row.from_id, row.to_id)

"""Which route is told next, and until when it has to acknowledge. Nothing here reads a clock or sends anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from guildhall.safeguarding.config import Route, SafeguardingFile
from guildhall.vocabulary.notifications import MessageChannel, Outgoing
from guildhall.vocabulary.safeguarding import SafeguardingRecord

WORDING = "alert.safeguarding"
STATE_SUBJECT = "Safeguarding alert: acknowledge by {by}"
STATE_TEXT = (
    "A safeguarding record waits for you. Reference {reference}. Sign in and acknowledge it by {by}: {link} "
    "If you do not, the next person is told. This message holds no personal details on purpose."
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What happens next to a record: a route is told and has until `next_at`; or, with no route, nothing is left to try."""

    route: str
    contact: Route | None
    next_at: datetime | None


def next_telling(file: SafeguardingFile, record: SafeguardingRecord, now: datetime) -> Telling:
    """Who is told now. After the last route it is told again, `last_route_again` times; then only the console is left to say so."""
    lead = file.lead(record.category)
    order = lead.order(record.out_of_hours)
    if not order or record.step >= len(order) + file.last_route_again:
        return Telling("", None, None)
    route = order[min(record.step, len(order) - 1)]
    return Telling(route, file.routes[route], now + timedelta(minutes=lead.acknowledge_within_minutes))


def alerts_of(record: SafeguardingRecord, telling: Telling, link: str, by: str) -> tuple[Outgoing, ...]:
    """The messages of one telling: a reference and a link, and no word of what was heard or by whom."""
    if telling.contact is None:
        return ()
    values = {"reference": record.reference, "by": by, "link": link}
    text, subject = STATE_TEXT.format(**values), STATE_SUBJECT.format(**values)
    return tuple(
        Outgoing(f"{record.id}.{record.step}.{channel.value}", channel, "", WORDING, text, subject, values)
        for channel in MessageChannel
        if telling.contact.contact(channel)
    )

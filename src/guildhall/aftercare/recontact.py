"""Who came back: of those who agreed to be recognised, how many asked about the same matter again soon after it was closed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from guildhall.vocabulary.shares import Share

SOON: Final = timedelta(hours=24)
WEEK: Final = timedelta(days=7)


def normalised(contact: str) -> str:
    """A phone number or e-mail address as one form, however it was typed; empty when it is neither."""
    text = contact.strip().casefold()
    if "@" in text:
        return re.sub(r"\s", "", text)
    digits = re.sub(r"\D", "", text)
    if digits.startswith("0044"):
        digits = digits[2:]
    if digits.startswith("44"):
        digits = "0" + digits[2:].removeprefix("0")
    return digits if len(digits) >= 9 else ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """One conversation of somebody who agreed to be recognised. `digest` stands for them."""

    digest: str
    conversation_id: str
    started_at: datetime
    service: str
    queue: str

    @property
    def matter(self) -> str:
        """What it was about: the service, or the team where the service is not known."""
        return self.service or self.queue


@dataclass(frozen=True, slots=True)
class Recontact:
    """The figure, and what it leaves out: nobody who did not agree is in it, and none whose time is not over."""

    within_day: Share
    within_week: Share
    closed: int
    not_recognised: int
    too_recent_for_week: int
    no_matter: int


def recontact(recognised: Iterable[Recognised], closed: Mapping[str, datetime], now: datetime) -> Recontact:
    """Of closed conversations (`closed`: when each was), the share that another one of the same person about the same matter followed."""
    by_person: dict[str, list[Recognised]] = defaultdict(list)
    for one in recognised:
        by_person[one.digest].append(one)
    known = {one.conversation_id: one for ones in by_person.values() for one in ones}
    base = [known[conversation] for conversation in closed if conversation in known]
    told = [one for one in base if one.matter]
    day, week = ([one for one in told if closed[one.conversation_id] + span <= now] for span in (SOON, WEEK))
    return Recontact(
        within_day=_share(day, by_person, closed, SOON),
        within_week=_share(week, by_person, closed, WEEK),
        closed=len(closed),
        not_recognised=len(closed) - len(base),
        too_recent_for_week=len(told) - len(week),
        no_matter=len(base) - len(told),
    )


def _share(
    base: Sequence[Recognised], by_person: Mapping[str, Sequence[Recognised]], closed: Mapping[str, datetime], span: timedelta
) -> Share:
    def came_back(one: Recognised) -> bool:
        at = closed[one.conversation_id]
        others = (other for other in by_person[one.digest] if other.conversation_id != one.conversation_id)
        return any(other.matter == one.matter and at < other.started_at <= at + span for other in others)

    return Share(sum(came_back(one) for one in base), len(base))

"""Parts of a reply made of approved text: wording, signposts and the offer of a person."""

from collections.abc import Mapping, Sequence

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.councils.config import SignpostEntry
from guildhall.councils.profile import CouncilProfile
from guildhall.vocabulary.turns import Option, PartKind, ReplyPart


def wording_part(
    wording_id: str,
    turn: TurnState,
    house: House,
    values: Mapping[str, str] | None = None,
    *,
    person: bool = False,
    options: Sequence[Option] = (),
) -> ReplyPart:
    """Approved wording in the resident's language, English where that language lacks it. `values` fill its placeholders."""
    return approved_part(wording_id, turn.speaks, house.profile, values, person=person, options=options)


def approved_part(
    wording_id: str,
    language: str,
    profile: CouncilProfile,
    values: Mapping[str, str] | None = None,
    *,
    person: bool = False,
    options: Sequence[Option] = (),
) -> ReplyPart:
    """Approved wording where no turn is running."""
    known = {"council": profile.council.name, "phone": profile.reached_by}
    kind = PartKind.PERSON if person else PartKind.CLARIFICATION if options else PartKind.WORDING
    text = profile.wordings.say(wording_id, language, **(known | dict(values or {})))
    return ReplyPart(kind, text, profile.wordings.language_of(wording_id, language), wording=wording_id, options=tuple(options))


def signpost_part(names: Sequence[str], turn: TurnState, house: House) -> ReplyPart:
    """Numbers and pages of other bodies, as a list."""
    entries = [house.profile.signposts[name] for name in names if name in house.profile.signposts]
    heading = house.profile.wordings.say("signposts.heading", turn.speaks)
    lines = [heading, "", *(_line(entry, turn, house) for entry in entries)]
    language = house.profile.wordings.language_of("signposts.heading", turn.speaks)
    return ReplyPart(PartKind.SIGNPOSTS, "\n".join(lines), language, wording="signposts.heading")


def _line(entry: SignpostEntry, turn: TurnState, house: House) -> str:
    by_text = house.profile.wordings.say("signposts.by_text", turn.speaks, number=entry.text) if entry.text else ""
    reach = entry.phone or by_text or entry.url or ""
    # what a number is for is written in English only, so other languages get the name and the number
    purpose = f" – {entry.for_}" if entry.for_ and turn.speaks == "en" else ""
    hours = f" ({entry.hours})" if entry.hours and turn.speaks == "en" else ""
    return f"- **{entry.name}**: {reach}{hours}{purpose}"

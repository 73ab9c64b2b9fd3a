"""A service's catalogue entry as a passage, so that its steps, fees, dates and contact can be quoted and cited like a page."""

from datetime import date

from guildhall.vocabulary.ids import PassageId, SourceId
from guildhall.vocabulary.passages import Passage
from guildhall.vocabulary.services import Service


def pounds(pence: int) -> str:
    """Money as councils write it: £34, or £34.50."""
    return f"£{pence // 100:,}" if pence % 100 == 0 else f"£{pence / 100:,.2f}"


def _day(on: str) -> str:
    """An ISO date as councils write it; other words as they are."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        return on
    return f"{day.day} {day:%B %Y}"


def passage_of(service: Service, hours: str = "", website: str = "") -> Passage:
    """The catalogue entry as Markdown. `hours` are the opening hours in words."""
    blocks = [service.summary]
    if service.steps:
        blocks.append("\n".join(f"{number}. {step}" for number, step in enumerate(service.steps, 1)))
    if service.eligibility:
        blocks.append("\n".join(f"- {line}" for line in service.eligibility))
    if service.fees:
        rows = [f"| {fee.what} | {pounds(fee.amount_pence)}{f' per {fee.per}' if fee.per else ''} |" for fee in service.fees]
        blocks.append("\n".join(["| What | Cost |", "|---|---|", *rows]))
    blocks += [f"{item.what}: {_day(item.on)}. {item.note}".strip() for item in service.dates]
    if service.other_body:
        body = service.other_body
        reach = ", ".join(part for part in (body.phone, body.url) if part)
        blocks.append(f"{body.name} deals with: {body.handles}.{f' Contact: {reach}.' if reach else ''}")
    blocks.append(contact_line(service, hours))
    url = service.contact.url or website
    return Passage(
        PassageId(f"service:{service.key}"),
        SourceId(f"service:{service.key}"),
        service.name,
        "",
        "\n\n".join(b for b in blocks if b),
        url,
        services=(service.key,),
    )


def summary_of(service: Service, hours: str = "") -> str:
    """What the service is, how to begin, and how to reach the team: all that may be said where only approved text may. In English."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(service.steps, 1))
    return "\n\n".join(block for block in (service.summary, steps, contact_line(service, hours)) if block)


def contact_line(service: Service, hours: str = "") -> str:
    """How to reach the team, in a sentence."""
    contact = service.contact
    ways = [f"phone {contact.phone}" if contact.phone else "", f"e-mail {contact.email}" if contact.email else ""]
    reach = " or ".join(way for way in ways if way)
    times = f" ({hours})" if hours and contact.phone else ""
    team = service.team if service.team.casefold().endswith("team") else f"{service.team} team"
    return f"Contact the {team}: {reach}{times}." if reach else ""

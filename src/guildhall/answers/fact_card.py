"""A service in the resident's own language: its name, and its contact facts under translated labels.

Pages are in English. Names and labels are approved wording, and phone numbers, addresses and links need no translation, so this much
can always be said without a model.
"""

from collections.abc import Sequence

from guildhall.answers.wording import Wordings
from guildhall.vocabulary.passages import Found, Passage
from guildhall.vocabulary.services import Service


def catalogue_entry(service: Service, passages: Sequence[Found]) -> Passage | None:
    """The passage that holds the service's catalogue entry, when it is among the evidence."""
    return next((found.passage for found in passages if found.passage.id == f"service:{service.key}"), None)


def fact_card(service: Service, language: str, wordings: Wordings) -> str:
    """The card as Markdown: a heading line, then one line a fact."""
    contact = service.contact
    lines = [("phone", contact.phone), ("email", contact.email)]
    if contact.url:
        lines.append(("page", f"[{service.name}]({contact.url})"))
    told = [f"- {wordings.say(f'label.{label}', language)}: {value}" for label, value in lines if value]
    return "\n".join([f"**{service.name_in(language)}**", "", *told])

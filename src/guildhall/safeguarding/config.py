"""Who is told of what, as a council writes it in `safeguarding.yaml`."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from guildhall.vocabulary.notifications import MessageChannel
from guildhall.vocabulary.signals import Category

EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
MOBILE: Final = re.compile(r"07[0-9 ]{9,12}")
RECORDED: Final = (
    Category.DANGER_TO_LIFE,
    Category.SUICIDE_SELF_HARM,
    Category.ADULT_ABUSE_OR_NEGLECT,
    Category.CHILD_AT_RISK,
    Category.DOMESTIC_ABUSE,
    Category.THREAT_TO_OTHERS,
    Category.EXPLOITATION,
    Category.CHILD_USER,
)
"""What a record is kept of unless the council says otherwise."""


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _email(text: object) -> object:
    if isinstance(text, str) and text and not EMAIL.fullmatch(text):
        raise ValueError(f"`{text}` is not an e-mail address")
    return text


def _mobile(text: object) -> object:
    if isinstance(text, str) and text and not MOBILE.fullmatch(text):
        raise ValueError(f"`{text}` is not a UK mobile number; write it like 07700 900123")
    return text


class Route(Strict):
    """One way to tell somebody: a role, and how it is reached. A `phone` is a line that people ring; the page tells them to."""

    role: str = Field(min_length=3, description="Who it is, as a role; never a person's name.")
    email: Annotated[str, BeforeValidator(_email)] = Field("", description="Address that alerts are sent to.")
    mobile: Annotated[str, BeforeValidator(_mobile)] = Field("", description="Mobile number that alerts are sent to by text message.")
    phone: str = Field("", description="Line that people ring. Nothing is sent to it.")

    @model_validator(mode="after")
    def _reached_somehow(self) -> Self:
        if not (self.email or self.mobile or self.phone):
            raise ValueError(f"the route to the {self.role} has no email, mobile or phone; give at least one")
        return self

    def contact(self, channel: MessageChannel) -> str:
        """Where a message by a channel goes; empty when it cannot."""
        return self.mobile if channel == MessageChannel.SMS else self.email


class Lead(Strict):
    """Who is told of a category: one route after the other, each when the one before has not acknowledged in time."""

    routes: tuple[str, ...] = Field((), description="Routes, the first first; the last should be a line that is always answered.")
    out_of_hours: tuple[str, ...] = Field((), description="Routes when the queue is shut; the others when left out.")
    acknowledge_within_minutes: int = Field(15, ge=1, le=1440, description="How long each route has to acknowledge.")

    def order(self, out_of_hours: bool) -> tuple[str, ...]:
        """The routes that count then."""
        return self.out_of_hours or self.routes if out_of_hours else self.routes or self.out_of_hours


class SafeguardingFile(Strict):
    """`safeguarding.yaml`: what a record is kept of, and who is told."""

    kind: Literal["safeguarding"] = Field("safeguarding", description="Always `safeguarding`.")
    categories: tuple[Category, ...] = Field(RECORDED, description="Kinds of need of which every escalation gets a record.")
    routes: dict[str, Route] = Field(default_factory=dict, description="Routes by name.")
    everyone: Lead = Field(default_factory=Lead, description="Who is told of a category that `leads` does not name.")
    leads: dict[Category, Lead] = Field(default_factory=dict, description="Who is told of a category.")
    last_route_again: int = Field(8, ge=0, le=100, description="How often the last route is told again while nobody acknowledges.")
    no_messages_from_queues: tuple[str, ...] = Field(
        (), description="Queues after which a resident gets no text message and no e-mail, whatever was heard."
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        for where, lead in (("everyone", self.everyone), *((f"leads.{category}", lead) for category, lead in self.leads.items())):
            for name in (*lead.routes, *lead.out_of_hours):
                if name not in self.routes:
                    known = ", ".join(self.routes) or "none yet"
                    raise ValueError(f"`{where}` names the route `{name}`, which is not one of the routes: {known}")
        for category in self.leads:
            if category not in self.categories:
                raise ValueError(f"`leads` names `{category}`, of which no record is kept; add it to `categories`")
        return self

    def records(self, category: str) -> bool:
        """Whether an escalation of a category gets a record."""
        return category in set(self.categories)

    def lead(self, category: str) -> Lead:
        """Who is told of a category."""
        return next((lead for named, lead in self.leads.items() if named == category), self.everyone)

    def contact(self, route: str, channel: MessageChannel) -> str:
        """Where a route is reached by a channel; empty when it is not."""
        found = self.routes.get(route)
        return found.contact(channel) if found else ""

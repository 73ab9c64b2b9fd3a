"""What a council's own files may say: `council.yaml`, `services/*.yaml`, `signposts.yaml`, `places/`."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, StringConstraints, model_validator

from guildhall.handoffs.config import BankHoliday, OpeningHours
from guildhall.understanding.elsewhere import pattern_of
from guildhall.vocabulary.languages import Language

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
HttpsAddress = Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+(/\S*)?$")]


def _telling(phrase: str) -> str:
    if not pattern_of(phrase):
        raise ValueError(f"`{phrase}` holds no word that could be looked for")
    return phrase


Telling = Annotated[str, AfterValidator(_telling)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CouncilContact(Strict):
    """How to reach the council as a whole."""

    phone: str = ""
    email: str = ""
    text_relay: str = ""
    address: str = ""


class Brand(Strict):
    """The council's look. Contrast of text on colour is checked on load (WCAG 2.2, 1.4.3)."""

    primary: Colour = "#1d70b8"
    primary_text: Colour = "#ffffff"
    link: Colour = "#1a65a6"
    accent: Colour = "#f47738"
    logo_text: str = ""


class Misdirection(Strict):
    """The bound on sending residents to the wrong service: at most so many in every so many."""

    at_most: int = Field(3, ge=0)
    in_every: int = Field(100, ge=1)


class CouncilFile(Strict):
    """`council.yaml`."""

    name: str = Field(min_length=2, description="The council's full name.")
    short_name: str = Field("", description="The place, as residents say it.")
    slug: Slug
    inherits: Literal["_baseline"] = "_baseline"
    gss_code: str = Field("", pattern=r"^([ENSW]\d{8})?$", description="Office for National Statistics code.")
    website: str = Field("", pattern=r"^(https?://.*)?$")
    time_zone: str = "Europe/London"
    languages: tuple[Language, ...] = Field(tuple(Language), min_length=1)
    contact: CouncilContact = CouncilContact()
    out_of_hours_phone: str = ""
    hours: dict[str, OpeningHours] = Field(default_factory=dict)
    bank_holidays: tuple[BankHoliday, ...] = ()
    brand: Brand = Brand()
    misdirection: Misdirection = Misdirection(at_most=3, in_every=100)
    allowed_link_hosts: tuple[str, ...] = ()


class ContactEntry(Strict):
    """How to reach a team; at least one of phone, e-mail and url."""

    phone: str = ""
    email: str = ""
    url: str = ""
    address: str = ""


class FeeEntry(Strict):
    """A fee in pence."""

    what: str
    amount_pence: int = Field(ge=0)
    per: str = ""
    phrases: tuple[str, ...] = ()


class DateEntry(Strict):
    """A date, or words for one that comes every year."""

    what: str
    on: Annotated[str, BeforeValidator(str)]
    note: str = ""


class OtherBodyEntry(Strict):
    """Another body that handles it."""

    name: str
    handles: str
    phone: str | None = None
    url: str | None = None


class ServiceEntry(Strict):
    """One service of the catalogue."""

    key: Slug
    lgsl: int | None = Field(None, ge=1, description="Id in the Local Government Service List, where it has one.")
    name: str = Field(min_length=3)
    team: str = Field(min_length=2)
    summary: str = Field(min_length=5)
    synonyms: tuple[str, ...] = ()
    contact: ContactEntry
    hours: str = Field(description="A key of `hours` in council.yaml.")
    steps: tuple[str, ...] = ()
    eligibility: tuple[str, ...] = ()
    fees: tuple[FeeEntry, ...] = ()
    dates: tuple[DateEntry, ...] = ()
    other_body: OtherBodyEntry | None = None
    lookup: Literal["bin_days", "councillor", "ward"] | None = None
    sensitive: bool = False
    pages: tuple[str, ...] = ()
    names: dict[Language, str] = Field(default_factory=dict)


class ServicesFile(Strict):
    """`services/*.yaml`."""

    services: tuple[ServiceEntry, ...]


class ElsewhereEntry(Strict):
    """Something that another body does and residents ask the council for."""

    name: str = Field(min_length=3, description="What it is, as residents would call it.")
    body: str = Field(min_length=2, description="Who does it.")
    text: str = Field(min_length=10, description="A plain sentence or two: what to do, and when not to wait.")
    url: HttpsAddress = Field(description="The official page, which begins with https://.")
    phone: str | None = Field(None, description="A number that is certain; none where there is a doubt.")
    phrases: tuple[Telling, ...] = Field((), description="Words that say it is meant, wherever they stand in a question.")
    alone: tuple[Telling, ...] = Field((), description="Words that say it is meant only where little else is said.")
    checked: date | None = None

    @model_validator(mode="after")
    def _is_found(self) -> Self:
        if not (self.phrases or self.alone):
            raise ValueError("it has neither `phrases` nor `alone`, so no question would ever find it; write the words that residents use")
        return self


class ElsewhereFile(RootModel[dict[Slug, ElsewhereEntry | None]]):
    """`other-bodies.yaml`. Nothing after a key takes the baseline's entry out."""

    model_config = ConfigDict(strict=True, frozen=True)


class ShiftEntry(Strict):
    """A collection day moved by a holiday."""

    from_: date = Field(alias="from")
    to: date
    note: str = ""


class SeasonEntry(Strict):
    """First and last day of a season."""

    first: date
    last: date


class BinCalendarFile(Strict):
    """`places/bin-calendar.yaml`."""

    week_a_monday: date = Field(description="A Monday that starts a week A.")
    garden_seasons: tuple[SeasonEntry, ...] = ()
    put_out_by: str = Field("06:30", pattern=r"^\d{2}:\d{2}$")
    holiday_shifts: tuple[ShiftEntry, ...] = ()


class SignpostEntry(Strict):
    """A number or page of another body that residents may be pointed to."""

    name: str
    for_: str = Field("", alias="for")
    phone: str | None = None
    text: str | None = None
    url: str | None = None
    hours: str | None = Field(None, description="Shown to residents, so only what is sure.")
    nations: tuple[str, ...] = ()
    checked: date | None = None
    status: str = ""
    source: str = ""
    review_note: str = Field("", description="A note for whoever confirms the entry; never shown to residents.")


class SignpostsFile(RootModel[dict[Slug, SignpostEntry]]):
    """`signposts.yaml`."""

    model_config = ConfigDict(strict=True, frozen=True)

"""How the console says times, lengths, shares and codes, and the lists its forms offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from guildhall.bootstrap.console import Console
from guildhall.policy.in_words import EFFECT_NAMES, STAGE_NAMES, duty_in_words
from guildhall.vocabulary.categories import CATEGORY_NAMES, category_name
from guildhall.vocabulary.decisions import Effect, Stage
from guildhall.vocabulary.events import EVENT_LABELS, EventKind
from guildhall.vocabulary.gaps import GAP_STATUS_LABELS, UNHELPED_LABELS
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.misses import FOUND_BY_LABELS, MISS_LABELS, FoundBy, MissKind
from guildhall.vocabulary.outcomes import OUTCOME_LABELS, REASON_LABELS, Outcome, Reason
from guildhall.vocabulary.phrases import PHRASE_KIND_LABELS, PHRASE_STATE_LABELS
from guildhall.vocabulary.roles import ROLE_LABELS, Role
from guildhall.vocabulary.sentences import capitalised
from guildhall.vocabulary.signals import Category
from guildhall.vocabulary.staff import PURPOSE_LABELS, SIGN_IN_LABELS, Purpose, SignInMethod

LABELS: Mapping[str, tuple[str, str]] = {
    str(code): said
    for labels in (
        OUTCOME_LABELS, REASON_LABELS, EVENT_LABELS, MISS_LABELS, FOUND_BY_LABELS, ROLE_LABELS, PURPOSE_LABELS, SIGN_IN_LABELS,
        UNHELPED_LABELS, GAP_STATUS_LABELS, PHRASE_KIND_LABELS, PHRASE_STATE_LABELS,
    )
    for code, said in labels.items()
}  # fmt: skip
TAGS = {
    Outcome.ANSWERED: "green",
    Outcome.PARTLY_ANSWERED: "turquoise",
    Outcome.ASKED_BACK: "blue",
    Outcome.HANDED_OVER: "purple",
    Outcome.TASK_STARTED: "green",
    Outcome.DECLINED: "grey",
    Outcome.FAIL_SAFE: "red",
    Effect.STOP: "red",
    Effect.ESCALATE: "purple",
    Effect.REQUIRE_APPROVAL: "orange",
    Effect.TRANSFORM: "blue",
    Effect.OFFER: "turquoise",
    Effect.WARN: "yellow",
    Effect.ALLOW: "green",
}


@dataclass(frozen=True)
class Words:
    """One council's way of saying things."""

    console: Console

    def time(self, at: datetime | None) -> str:
        """A time as the council's clocks show it."""
        if at is None:
            return ""
        local = at.astimezone(self.console.guildhall.profile.calendar.zone)
        return f"{local.day} {local:%b %Y, %H:%M}"

    def date(self, on: date | datetime) -> str:
        """A date."""
        if isinstance(on, datetime):
            on = on.astimezone(self.console.guildhall.profile.calendar.zone).date()
        return f"{on.day} {on:%B %Y}"

    def length(self, span: timedelta | None) -> str:
        """A length of time, in its two largest parts."""
        if span is None:
            return "no figures yet"
        minutes = round(span.total_seconds() / 60)
        if minutes < 1:
            return "under a minute"
        days, hours, left = minutes // 1440, minutes % 1440 // 60, minutes % 60
        parts = [f"{n} {name}{'' if n == 1 else 's'}" for n, name in ((days, "day"), (hours, "hour"), (left, "minute")) if n]
        return " ".join(parts[:2])

    def seconds(self, seconds: float) -> str:
        """A short time, to the second."""
        left = max(0, round(seconds))
        minutes, rest = left // 60, left % 60
        parts = [f"{n} {name}{'' if n == 1 else 's'}" for n, name in ((minutes, "minute"), (rest, "second")) if n]
        return " ".join(parts) or "no time left"

    def share(self, part: float) -> str:
        """A share as a percentage without a decimal, but never rounded to none or all."""
        percent = 100 * part
        if 0 < percent < 1:
            return "under 1%"
        return "over 99%" if 99 < percent < 100 else f"{percent:.0f}%"

    def label(self, code: str) -> str:
        """What a code is called."""
        return LABELS.get(code, (code.replace("_", " "), ""))[0]

    def sentence(self, code: str) -> str:
        """What a code means."""
        return LABELS.get(code, ("", ""))[1]

    def category(self, code: str) -> str:
        """What a kind of evidence is called."""
        return category_name(code)

    def is_category(self, code: str) -> bool:
        """Whether a code is a kind of evidence."""
        return code in set(Category)

    def effect(self, code: str) -> str:
        """What an effect is called."""
        return EFFECT_NAMES.get(Effect(code), code) if code in set(Effect) else code

    def stage(self, code: str) -> str:
        """When in the turn a decision fell."""
        return STAGE_NAMES.get(Stage(code), code) if code in set(Stage) else code

    def language(self, code: str) -> str:
        """A language's English name."""
        return Language(code).name.capitalize() if code in set(Language) else code

    def tag(self, code: str) -> str:
        """The colour of a code's tag."""
        return TAGS.get(code, "grey")  # type: ignore[call-overload, no-any-return]

    def queue(self, key: str) -> str:
        """A queue's name."""
        found = self.console.guildhall.profile.handoffs.queues.get(key)
        return found.name if found else key

    def owner(self, role: str) -> str:
        """A role as a rule names it, in words."""
        text = role.replace("-", " ").replace("_", " ")
        return capitalised(text)

    def duty(self, code: str) -> str:
        """A law or standard that a rule serves."""
        return duty_in_words(code)

    def staff(self, staff_id: str) -> str:
        """A member's name by their id; what is no id stays as it is."""
        return self.console.door.staff.names().get(staff_id, staff_id)

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """Codes and names, for a list."""
        return [(outcome.value, OUTCOME_LABELS[outcome][0]) for outcome in Outcome]

    @property
    def categories(self) -> list[tuple[str, str]]:
        """Codes and names, for a list."""
        return sorted(((category.value, name) for category, name in CATEGORY_NAMES.items()), key=lambda pair: pair[1])

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Codes and names, for a list."""
        return [(language.value, language.name.capitalize()) for language in Language]

    @property
    def purposes(self) -> list[tuple[str, str, str]]:
        """Codes, names and sentences, for a list."""
        return [(purpose.value, *PURPOSE_LABELS[purpose]) for purpose in Purpose]

    @property
    def miss_kinds(self) -> list[tuple[str, str, str]]:
        """Codes, names and sentences, for a list."""
        return [(kind.value, *MISS_LABELS[kind]) for kind in MissKind]

    @property
    def finders(self) -> list[tuple[str, str, str]]:
        """Codes, names and sentences, for a list."""
        return [(found.value, *FOUND_BY_LABELS[found]) for found in FoundBy]

    @property
    def roles(self) -> list[tuple[str, str, str]]:
        """Codes, names and sentences, for a list."""
        return [(role.value, *ROLE_LABELS[role]) for role in Role]

    @property
    def methods(self) -> list[tuple[str, str, str]]:
        """Codes, names and sentences, for a list."""
        return [(method.value, *SIGN_IN_LABELS[method]) for method in SignInMethod]

    @property
    def event_kinds(self) -> list[tuple[str, str]]:
        """Codes and names, for a list."""
        return [(kind.value, EVENT_LABELS[kind][0]) for kind in EventKind]

    def reason(self, code: str) -> str:
        """Why something ended as it did."""
        return REASON_LABELS[Reason(code)][1] if code in set(Reason) else code

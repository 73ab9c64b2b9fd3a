"""What somebody comes about: one service or several, a person at once, small talk, an idiom, distress, an attack, or nothing at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from random import Random

from guildhall.simulation.people import Person
from guildhall.simulation.phrases import ENGLISH, Asked, Phrases, phrases_in
from guildhall.simulation.shape import Shape
from guildhall.simulation.typing_slips import mistyped
from guildhall.vocabulary.signals import Category


class Kind(StrEnum):
    """Kinds of matters."""

    SERVICE = "service"
    PERSON = "person"
    NOTHING = "nothing"
    """They open the page or ring, and go before they have said anything."""
    IDIOM = "idiom"
    ELSEWHERE = "elsewhere"
    OUT_OF_SCOPE = "out_of_scope"
    ATTACK = "attack"
    DISTRESS = "distress"


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of all contacts. Whoever is in none of these asks about services. `several` and `greets` are of those."""

    distress: float = 0.015
    person: float = 0.06
    nothing: float = 0.04
    idiom: float = 0.012
    elsewhere: float = 0.02
    out_of_scope: float = 0.008
    attack: float = 0.004
    several: float = 0.16
    greets: float = 0.06

    def draw(self, random: Random) -> Kind:
        """A kind."""
        kinds: dict[Kind, float] = {kind: float(getattr(self, kind.value)) for kind in Kind if kind != Kind.SERVICE}
        kinds[Kind.SERVICE] = max(0.0, 1.0 - sum(kinds.values()))
        return random.choices(list(kinds), list(kinds.values()))[0]


@dataclass(frozen=True, slots=True)
class Matter:
    """What they come about. `says` are their utterances in order, as far as they can be known beforehand."""

    kind: Kind
    says: tuple[str, ...] = ()
    service: str = ""
    category: str = ""
    again: bool = field(default=False)
    """Whether they came about it before."""


@dataclass(frozen=True)
class Matters:
    """Draws matters. `services` are the keys the council has; what nobody there offers is not asked for."""

    mix: Mix
    shape: Shape
    services: frozenset[str]

    def draw(self, person: Person, at: datetime, random: Random) -> Matter:
        """What a resident comes about then, in the words in which they will say it, slips of the fingers included."""
        matter = self._drawn(person, at, random)
        return replace(matter, says=tuple(mistyped(line, person.careless, random) for line in matter.says))

    def _drawn(self, person: Person, at: datetime, random: Random) -> Matter:
        phrases, kind = phrases_in(person.language), self.mix.draw(random)
        if kind == Kind.NOTHING:
            return Matter(kind)
        if kind == Kind.DISTRESS:
            category = random.choice(sorted(phrases.distress))
            return Matter(kind, (_pick(phrases.distress[category], person, random),), category=Category(category).value)
        if kind == Kind.PERSON:
            return Matter(kind, (_pick(phrases.person, person, random),))
        if kind != Kind.SERVICE and (lines := _of_kind(kind, phrases)):
            return Matter(kind, (_pick(lines, person, random),))
        return self._about_services(phrases, person, at, random)

    def again(self, before: Matter, person: Person, random: Random) -> Matter:
        """The same matter, asked about once more."""
        phrases = phrases_in(person.language)
        known = phrases.services.get(before.service)
        asks = _pick(known.ask, person, random) if known else (before.says[-1] if before.says else "")
        if not asks:
            return Matter(Kind.PERSON, (_pick(phrases.person, person, random),), again=True)
        ways = (*phrases.again, "{before}")
        if before.kind == Kind.DISTRESS:  # whoever is in distress says so again: nobody can hear it in "it is still not sorted"
            ways = tuple(way for way in ways if "{before}" in way)
        template = random.choice(ways)
        return Matter(before.kind, (template.replace("{before}", asks),), before.service, before.category, again=True)

    def _about_services(self, phrases: Phrases, person: Person, at: datetime, random: Random) -> Matter:
        keys = [key for key in phrases.services if key in self.services] or list(phrases.services)

        def weight(key: str) -> float:
            asked = phrases.services[key]
            return asked.weight * self.shape.season(asked.season, at) * (self.shape.times(asked.incident, at) if asked.incident else 1.0)

        key = random.choices(keys, [weight(each) for each in keys])[0]
        says = [_pick(phrases.services[key].ask, person, random)]
        if random.random() < self.mix.several and len(keys) > 1:
            other = random.choice([each for each in keys if each != key])
            says[0] = f"{says[0].rstrip('?.! ')}? {_pick(phrases.services[other].ask, person, random)}"
        says += self._follow_ups(phrases.services[key], person, random)
        if random.random() < self.mix.greets:
            says.insert(0, _pick(phrases.small_talk, person, random))
        if random.random() < self.mix.greets:
            says.append(_pick(phrases.thanks, person, random))
        return Matter(Kind.SERVICE, tuple(says), key)

    def _follow_ups(self, asked: Asked, person: Person, random: Random) -> Sequence[str]:
        if not asked.then or random.random() > 0.42:
            return ()
        many = 2 if len(asked.then) > 1 and random.random() < 0.3 else 1
        return [fill(line, person.fills) for line in random.sample(asked.then, many)]


def _of_kind(kind: Kind, phrases: Phrases) -> tuple[str, ...]:
    of: Mapping[Kind, Callable[[Phrases], tuple[str, ...]]] = {
        Kind.IDIOM: lambda p: p.idioms,
        Kind.ELSEWHERE: lambda p: p.elsewhere,
        Kind.OUT_OF_SCOPE: lambda p: p.out_of_scope,
        Kind.ATTACK: lambda p: p.attacks,
    }
    return of[kind](phrases) or of[kind](phrases_in(ENGLISH))


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with what stands for the resident in it; what is not known is left out."""
    for name in ("street", "postcode", "ward", "number"):
        template = template.replace(f"{{{name}}}", values.get(name, ""))
    return " ".join(template.split())


def _pick(lines: Sequence[str], person: Person, random: Random) -> str:
    return fill(random.choice(lines), person.fills)

"""Who comes: fictional residents, the same ones for the same seed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from guildhall.vocabulary.aftercare import Need
from guildhall.vocabulary.turns import Channel

FIRST: Final = (
    "Ada",
    "Bram",
    "Cerys",
    "Dov",
    "Esme",
    "Farid",
    "Gwen",
    "Hal",
    "Ines",
    "Jory",
    "Kit",
    "Lena",
    "Milo",
    "Noor",
    "Orla",
    "Pavel",
)
LAST: Final = (
    "Ashdowne",
    "Birkwhistle",
    "Corranby",
    "Dellow",
    "Eastmere",
    "Fennick",
    "Garroway",
    "Hollin",
    "Inglesby",
    "Jessamy",
    "Kettlewyn",
)
SPOKEN: Final[Mapping[str, float]] = {
    "en": 0.88, "pl": 0.03, "ro": 0.02, "ur": 0.018, "pa": 0.014, "ar": 0.012, "sk": 0.008, "cs": 0.006, "so": 0.006, "ps": 0.006,
}  # fmt: skip
PHONE: Final = 0.58
"""The share who ring rather than write."""
AGREE: Final = 0.45
"""The share who agree to be recognised when they come again."""
NEEDS: Final[Mapping[Need, float]] = {
    Need.LARGE_PRINT: 0.02, Need.TEXT_RELAY: 0.012, Need.SLOWER: 0.03, Need.EASY_WORDS: 0.02, Need.SIGN_LANGUAGE: 0.004, Need.SPOKEN_FOR: 0.012,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives: a street of the council's, as it is said."""

    street: str
    postcode: str
    ward: str


@dataclass(frozen=True, slots=True)
class Person:
    """One fictional resident. `patience` is how many seconds they wait for a person, `careless` how often they mistype a word."""

    number: int
    name: str
    language: str
    channel: Channel
    phone: str
    home: Home | None
    house_number: int
    patience: float
    careless: float
    agrees: bool
    needs: tuple[Need, ...]

    @property
    def fills(self) -> Mapping[str, str]:
        """What stands for them in a template; nothing of places where the council gives none."""
        if self.home is None:
            return {}
        home = self.home
        return {"street": home.street, "postcode": home.postcode, "ward": home.ward, "number": str(self.house_number)}


def make_person(seed: int, number: int, homes: Sequence[Home], languages: Collection[str]) -> Person:
    """The resident of that number. Their phone is of the range that is kept for drama."""
    random = Random(f"{seed}:person:{number}")
    spoken = {language: share for language, share in SPOKEN.items() if language in languages} or {"en": 1.0}
    language = random.choices(list(spoken), list(spoken.values()))[0]
    needs = tuple(need for need, share in NEEDS.items() if random.random() < share)
    writes = random.random() >= PHONE or bool({Need.SIGN_LANGUAGE, Need.TEXT_RELAY} & set(needs))
    return Person(
        number=number,
        name=f"{random.choice(FIRST)} {random.choice(LAST)}",
        language=language,
        channel=Channel.WEB if writes else Channel.PHONE,
        phone=f"07700 900{random.randrange(1000):03d}",
        home=random.choice(homes) if homes else None,
        house_number=random.randrange(1, 140),
        patience=min(2400.0, random.lognormvariate(5.6, 0.8)),
        careless=random.choice((0.0, 0.0, 0.02, 0.06, 0.12)) if writes else 0.0,
        agrees=random.random() < AGREE,
        needs=needs,
    )

"""Small stand-ins: a reader that hashes words, and a handful of services."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guildhall.understanding.ports import Readers
from guildhall.vocabulary.errors import ProviderError
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import Service

WIDTH = 48


class HashedReader:
    """Bag of hashed words as features."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.broken:
            raise ProviderError("the embedding model could not run: for a test")
        rows = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split():
                rows[row, zlib.crc32(word.encode()) % WIDTH] += 1
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        return np.tile(rows, (1, 2))


READERS = Readers(HashedReader(), HashedReader())


def service(key: str, name: str, lgsl: int | None = None, synonyms: tuple[str, ...] = (), names: dict[str, str] | None = None) -> Service:
    return Service(ServiceKey(key), name, "A team", f"About {name.lower()}.", lgsl, synonyms, names=names or {})


SERVICES = (
    service("bin-collection-day", "Bin collection days", 524, ("bin day", "bins", "rubbish day"), {"pl": "Wywóz śmieci"}),
    service("missed-bin", "Report a missed bin", 524, ("bin not emptied",)),
    service("garden-waste", "Garden waste collection", 530, ("brown bin", "grass cuttings")),
    service("recycling-collections", "Recycling collections", 533, ("cardboard", "glass", "plastic", "recycling")),
    service("council-tax", "Council tax", 57, ("council tax bill",)),
    service("blue-badge", "Blue Badge parking permits", 279, ("disabled badge",)),
    service("parking-permits", "Parking permits", 474, ("permit", "residents permit")),
    service("apply-council-home", "Apply for a council home", 92, ("council house",)),
    service("older-bus-pass", "Older person's bus pass", 273, ("bus pass",)),
    service("primary-places", "Primary school places", 13, ("school",)),
    service("potholes", "Potholes", 557, ("hole in the road",)),
)

"""What this room needs from outside."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from guildhall.vocabulary.staff import StaffMember

if TYPE_CHECKING:
    from guildhall.opportunities.proposing import Proposal
    from guildhall.opportunities.register import Opportunity


class NamesService(Protocol):
    """Says which service words are about."""

    def service_of(self, text: str) -> str:
        """The key of a service of the catalogue; '' when it is not sure."""
        ...


class Extracts(Protocol):
    """Finds proposals in notes."""

    def extract(self, notes: str) -> "tuple[Proposal, ...]":
        """What may be opportunities."""
        ...


class WritesText(Protocol):
    """A language model. Everything it writes is untrusted."""

    def write(self, instructions: str, material: str, schema: dict[str, Any]) -> Iterator[str]:
        """Pieces of JSON text. Raises ProviderError."""
        ...


class TurnsToVectors(Protocol):
    """An embedder."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text."""
        ...


class OpensBenefit(Protocol):
    """The benefits ledger, as far as this room goes: a chosen opportunity becomes a row of it, first as an idea."""

    def open_benefit(self, opportunity: "Opportunity", run: str, member: StaffMember, titles: "Mapping[str, Opportunity]") -> str:
        """The id of the new row; `titles` names what it needs or excludes. Raises RefusedError when it may not be opened."""
        ...

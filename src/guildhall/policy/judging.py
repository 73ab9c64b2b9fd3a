"""Which packs judge one conversation: its own, what stands beside it for safety, and what only watches."""

from dataclasses import dataclass

from guildhall.policy.packs import Pack


@dataclass(frozen=True, slots=True)
class Judging:
    """A conversation keeps `pack` from its first turn to its last.

    `beside` judges too, and the most protective of all counts (an emergency tightening). `shadow` judges without
    effect, in the place of `pack` and with the same beside it.
    """

    pack: Pack
    beside: tuple[Pack, ...] = ()
    shadow: tuple[Pack, ...] = ()

    @property
    def acting(self) -> tuple[Pack, ...]:
        """The packs whose decision counts, the conversation's own first."""
        return (self.pack, *self.beside)

"""What is wrong with a definition."""


class DefinitionError(Exception):
    """A definition cannot be: what is wrong, what would be right, and under which keys of the file."""

    def __init__(self, what: str, fix: str, keys: tuple[str, ...] = ()) -> None:
        self.what, self.fix, self.keys = what, fix, keys
        super().__init__(f"{what} {fix}".strip())

    def at(self, *keys: str) -> "DefinitionError":
        """The same, with the place of what is around it put in front."""
        return DefinitionError(self.what, self.fix, (*keys, *self.keys))


def listed(names: object, most: int = 12) -> str:
    """Names for a sentence, in order; a long list is cut."""
    every = sorted(str(name) for name in names if name != "") if isinstance(names, (list, tuple, set, frozenset, dict)) else [str(names)]
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(f"`{name}`" for name in every[:most]) + more

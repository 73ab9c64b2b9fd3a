"""What a reader says of a file it cannot read."""

from guildhall.vocabulary.errors import GuildhallError


class UnreadableError(GuildhallError):
    """This file cannot be read; the message says why and what would be right. `line` is 1-based, or None."""

    def __init__(self, what: str, line: int | None = None) -> None:
        self.what, self.line = what, line
        super().__init__(what)

"""The one root of our errors; each class answers one question for its caller."""

from pathlib import Path


class GuildhallError(Exception):
    """Something Guildhall knows how to explain went wrong; the message is fit to show to staff."""


class ConfigurationError(GuildhallError):
    """A council's files are wrong: says what, where (file, line, key) and what would be right."""

    def __init__(self, what: str, *, file: Path | str, line: int | None = None, key: str = "", fix: str = "") -> None:
        self.what, self.file, self.line, self.key, self.fix = what, str(file), line, key, fix
        where = self.file if line is None else f"{self.file}:{line}"
        at_key = f" (key `{key}`)" if key else ""
        remedy = f" {fix}" if fix else ""
        super().__init__(f"{where}{at_key}: {what}{remedy}")


class LooseningError(ConfigurationError):
    """A council's rule protects less than the baseline's and may not load: a floor, or without saying why and who approved it."""


class ProviderError(GuildhallError):
    """An outside supplier failed. `retry` says whether trying again may help."""

    def __init__(self, message: str, *, retry: bool = False) -> None:
        self.retry = retry
        super().__init__(message)


class NotFoundError(GuildhallError):
    """What was asked for does not exist, or does not belong to the one who asks."""


class RefusedError(GuildhallError):
    """The request is understood and may not be done as it stands; the message says what would be right.

    `field` names what was given wrongly, so that a form can say it there; empty when it is about the whole.
    """

    def __init__(self, message: str = "", *, field: str = "") -> None:
        self.field = field
        super().__init__(message)

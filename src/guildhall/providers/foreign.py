"""Calls into other people's programs: a model's client, an inference engine."""

from collections.abc import Iterator
from contextlib import contextmanager

from guildhall.vocabulary.errors import ProviderError


@contextmanager
def no_answer(failed: str) -> Iterator[None]:
    """Whatever such a program raises becomes a ProviderError that says what `failed` and the kind of error, never its message.

    It catches everything: these programs raise many kinds of errors that share no name, any of them means that there is no answer, and
    whoever asked answers without, or brings a person.
    """
    try:
        yield
    except ProviderError:
        raise
    except Exception as error:  # boundary: a provider call
        raise ProviderError(f"{failed}: {type(error).__name__}", retry=True) from error

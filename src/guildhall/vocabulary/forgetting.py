"""Caches keyed by what people said, and how all of them forget at once when somebody's words are erased.

A cache of words anywhere in the house is either a function under `remembering` or an object that calls `may_forget(self)` when it is made.
Held weakly: a cache that nobody uses any more needs no forgetting.
"""

import gc
from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from typing import Protocol, TypeVar
from weakref import WeakSet

T = TypeVar("T")


class Forgetful(Protocol):
    """A cache of words in memory."""

    def forget(self) -> None:
        """Empty it."""
        ...

    def holds(self, text: str) -> bool:
        """Whether the text is part of anything it is keyed by."""
        ...


_caches: "WeakSet[Forgetful]" = WeakSet()
_functions: "WeakSet[_lru_cache_wrapper[object]]" = WeakSet()


def may_forget(cache: Forgetful) -> None:
    """Make the cache one of those that forget."""
    _caches.add(cache)


def remembering(maxsize: int) -> Callable[[Callable[..., T]], "_lru_cache_wrapper[T]"]:
    """`functools.lru_cache` for functions of words; `forget_words` empties it."""

    def decorate(function: Callable[..., T]) -> "_lru_cache_wrapper[T]":
        kept = lru_cache(maxsize=maxsize)(function)
        _functions.add(kept)
        return kept

    return decorate


def forget_words() -> int:
    """Empty every cache of words in this process; how many there are."""
    caches, functions = list(_caches), list(_functions)
    for cache in caches:
        cache.forget()
    for function in functions:
        function.cache_clear()
    return len(caches) + len(functions)


def remembered(text: str) -> int:
    """How many caches of this process hold the text in what they are keyed by."""
    found = sum(cache.holds(text) for cache in list(_caches))
    for function in list(_functions):  # the interpreter lets nobody but the collector see a function's cache
        keys = [key for kept in gc.get_referents(function) if isinstance(kept, dict) for key in list(kept)]
        found += any(text in repr(key) for key in keys)
    return found

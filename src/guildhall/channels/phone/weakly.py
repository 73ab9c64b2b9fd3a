"""Lets a part of a call tell the whole something without holding on to it, so that a call that is over is gone at once and waits for no collector."""

from collections.abc import Callable
from typing import ParamSpec
from weakref import WeakMethod

P = ParamSpec("P")


def weakly(method: Callable[P, None]) -> Callable[P, None]:
    """The bound method as something to call, for as long as its object lives; afterwards nothing is done."""
    held = WeakMethod(method)

    def tell(*args: P.args, **kwargs: P.kwargs) -> None:
        if (alive := held()) is not None:
            alive(*args, **kwargs)

    return tell

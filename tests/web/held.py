"""A composer that a test holds up in the middle of its answer."""

from collections.abc import Iterator
from threading import Event

from guildhall.answers.request import AnswerRequest, Draft
from guildhall.testing.library import QuotingComposer


class HeldComposer(QuotingComposer):
    """Says its first block, then waits until it is let go on."""

    def __init__(self) -> None:
        self.go_on = Event()

    def compose(self, request: AnswerRequest) -> Iterator[Draft]:
        drafts = super().compose(request)
        yield next(drafts)
        self.go_on.wait(10)
        yield from drafts

"""A reply as server-sent events: the turn's frame, each block as it is recorded, then what follows the reply."""

from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from guildhall.bootstrap.turns import Asked, Ended
from guildhall.channels.web.reply_html import Block
from guildhall.vocabulary.turns import Owner, ReplyPart
from guildhall.web.event_stream import EVENT_STREAM, STREAM_HEADERS, sse
from guildhall.web.failing import note_failure
from guildhall.web.journal import note_resent
from guildhall.web.resident.conversation_view import items_of
from guildhall.web.resident.failures import broken_part
from guildhall.web.resident.home import home_values, state_of
from guildhall.web.resident.page import Page
from guildhall.web.resident.thread_view import asks_feedback, presenter
from guildhall.web.surviving import surviving


def stream_reply(page: Page, asked: Asked) -> StreamingResponse:
    """The response of a turn to the resident's script."""
    return StreamingResponse(_events(page, asked), media_type=EVENT_STREAM, headers=STREAM_HEADERS)


async def _events(page: Page, asked: Asked) -> AsyncIterator[str]:
    number, owner = await run_in_threadpool(_so_far, page)
    to_person = owner in (Owner.QUEUE, Owner.ADVISER)
    yield sse("turn", {"html": page.html("parts/asked.html", said=asked.utterance.text, key=asked.attempt, to_person=to_person)})
    with surviving("stream_failed") as stream:
        shower = presenter(page, number)
        async for item in page.door.turns.stream(asked):
            if isinstance(item, ReplyPart):
                for block in shower.add(item):
                    yield sse("block", _block(page, block))
            else:
                note_resent(page.request.scope, item)
                for block in shower.finish():
                    yield sse("block", _block(page, block))
                yield sse("done", await run_in_threadpool(_done, page, item))
    if stream.error is not None:
        said = asked.utterance
        first = await run_in_threadpool(note_failure, page.door, "/ask", stream.error, said.text, said.language_hint)
        yield sse("failed", {"html": broken_part(page, list(presenter(page, 1).all(first)))})


def _so_far(page: Page) -> tuple[int, Owner]:
    """Which item of the thread the turn will be, and whom it will be for."""
    if page.session is None:
        return 1, Owner.ASSISTANT
    owner = page.door.guildhall.conversations.owner_of(page.session.conversation_id) or Owner.ASSISTANT
    return len(items_of(page, owner)) + 1, owner


def _block(page: Page, block: Block) -> dict[str, Any]:
    return {"html": page.html("parts/block.html", block=block, attempt=""), "sensitive": block.sensitive}


def _done(page: Page, ended: Ended) -> dict[str, Any]:
    values = home_values(page)
    feedback = page.html("parts/feedback.html", turn_id=ended.id, **values) if asks_feedback(ended.facts) else ""
    first = next((item.first for item in values["view"].items if item.key == ended.id), values["view"].seq)
    taken = {"html": feedback, "key": ended.id, "first": first, "token": page.token, "attempt": values["attempt"]}
    return taken | state_of(page, values)

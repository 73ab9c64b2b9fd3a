import asyncio
from pathlib import Path
from threading import Event

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.turns import Asked, Ended, Turns
from guildhall.testing.library import QuotingComposer
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Channel, ReplyPart, Utterance
from tests.web.front_door import open_front_door
from tests.web.held import HeldComposer


def asked(guildhall: Guildhall, words: str = "How much is bulky waste?") -> Asked:
    clock = guildhall.house.clock
    conversation, _ = guildhall.conversations.start(Channel.WEB, "", clock())
    return Asked(conversation.id, Utterance(words, Channel.WEB, clock()))


def test_a_turn_goes_on_to_its_end_when_nobody_listens_any_more(tmp_path: Path) -> None:
    composer = HeldComposer()
    guildhall = open_front_door(tmp_path, composers=(composer,))
    turns, asking = Turns(guildhall), asked(guildhall)

    async def listen_for_a_moment() -> None:
        stream = turns.stream(asking)
        assert isinstance(await anext(stream), ReplyPart)
        assert turns.busy(asking.conversation_id)
        await stream.aclose()  # type: ignore[attr-defined]
        composer.go_on.set()
        while turns.busy(asking.conversation_id):
            await asyncio.sleep(0.01)

    asyncio.run(listen_for_a_moment())
    (turn,) = guildhall.conversations.transcript(asking.conversation_id)
    assert turn.completed
    assert len(turn.parts) == 3
    guildhall.close()


def test_the_event_loop_is_free_while_a_turn_is_composed(tmp_path: Path) -> None:
    composer = HeldComposer()
    guildhall = open_front_door(tmp_path, composers=(composer,))
    turns, asking = Turns(guildhall), asked(guildhall)

    async def both() -> Ended:
        whole = asyncio.create_task(turns.whole(asking))
        while not turns.busy(asking.conversation_id):
            await asyncio.sleep(0)
        composer.go_on.set()  # only a free loop gets here
        return await whole

    assert asyncio.run(both()).facts["outcome"] == "answered"
    guildhall.close()


def test_a_flood_of_distress_takes_its_own_lane_and_leaves_the_other_free(tmp_path: Path) -> None:
    go_on = Event()

    class Stuck(QuotingComposer):
        def compose(self, request):  # type: ignore[no-untyped-def]
            if "stuck" in request.evidence[0].question.text:
                go_on.wait(10)
            yield from super().compose(request)

    guildhall = open_front_door(tmp_path, composers=(Stuck(),))
    turns = Turns(guildhall)

    async def flood() -> Ended:
        stuck = [asked(guildhall, "stuck bulky") for _ in range(12)]
        waiting = [asyncio.create_task(turns.whole(Asked(a.conversation_id, a.utterance, care=True))) for a in stuck]
        ordinary = await turns.whole(asked(guildhall))
        go_on.set()
        await asyncio.gather(*waiting)
        return ordinary

    assert asyncio.run(flood()).facts["outcome"] == "answered"
    guildhall.close()


def test_a_conversation_that_does_not_exist_has_no_turn(tmp_path: Path) -> None:
    guildhall = open_front_door(tmp_path)
    nobody = Asked(ConversationId("conv_none"), Utterance("hello", Channel.WEB, guildhall.house.clock()))
    with pytest.raises(NotFoundError):
        asyncio.run(Turns(guildhall).whole(nobody))
    guildhall.close()

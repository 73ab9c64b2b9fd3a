"""A whole call without a telephone: the session that speaks and hears, and the house that answers, over one record."""

import asyncio

from sqlalchemy import select

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.phone import open_phone_house
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.ports import CallLeg, TransferOutcome, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.providers.telephony.simulator import Presses, Says, Script, SimulatedGateway, Waits
from guildhall.storage.calls_schema import calls
from guildhall.vocabulary.calls import PartHeard
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Owner
from tests.channels.phone.fakes import FakeEar, FakeVoice, PlainDialogue, hum
from tests.channels.phone.test_session import FAILOVER, REPLY
from tests.phone.calling import Caller, facts_of, passes

ASKS = Says(hum(1.0), "How much is bulky waste?")


def play(guildhall: Guildhall, script: Script, hears: list[str]) -> str:
    """Play a caller against the house; the conversation's id."""
    phone = Phone(
        house=open_phone_house(guildhall), hearing=FakeEar(hears), voice=FakeVoice(), detector=lambda: lambda _: True,
        dialogue=lambda _: PlainDialogue(), notice=(Spoken("I am a computer.", interruptible=False),), failover=FAILOVER,
        transfer_to=lambda route: TransferTarget(f"sip:{route.number.replace(' ', '')}@127.0.0.1"), new_id=new_id, steady=True,
    )  # fmt: skip

    async def on_call(leg: CallLeg) -> None:
        await CallSession(leg, phone).run()

    asyncio.run(asyncio.wait_for(SimulatedGateway([script]).serve(on_call), 60))
    with guildhall.database.reading() as connection:
        return str(connection.execute(select(calls.c.conversation_id).order_by(calls.c.began_at.desc()).limit(1)).scalar_one())


def test_a_caller_asks_hears_the_answer_and_is_put_through(guildhall: Guildhall) -> None:
    script = Script([REPLY, ASKS, REPLY, Presses("0"), Waits(8.0)], transfers=[TransferOutcome.CONNECTED])
    conversation = play(guildhall, script, ["How much is bulky waste?"])
    (turn,) = guildhall.conversations.transcript(ConversationId(conversation))
    assert turn.heard is not None and all(turn.heard[number].whole for number in range(len(turn.parts)))
    assert guildhall.conversations.owner_of(ConversationId(conversation)) == Owner.QUEUE
    kinds = [len(facts_of(guildhall, kind)) for kind in ("CallBegan", "CallRung", "CallBridged", "CallEnded")]
    assert kinds == [1, 1, 1, 1]
    assert {"notice", "open", "answering"} <= {str(facts.get("after")) for facts in facts_of(guildhall, "CallNoted")}


def test_what_a_key_cut_off_is_no_part_of_what_was_said(guildhall: Guildhall) -> None:
    first, *_, last = (part.part.text for part in Caller(guildhall, call_id="to see the answer").says("How much is bulky waste?")[0])
    until = 0.7 + 0.2 * len(first.split()) + 0.6  # the pause that ends the question, the first part, and a little of the second
    passes(guildhall, seconds=1)
    script = Script([REPLY, ASKS, Waits(until), Presses("0"), Waits(8.0)], transfers=[TransferOutcome.CONNECTED])
    conversation = ConversationId(play(guildhall, script, ["How much is bulky waste?"]))
    (cut,) = guildhall.conversations.transcript(conversation)
    assert cut.heard is not None and cut.heard[0] == PartHeard(first, True) and len(cut.heard) < len(cut.parts)
    loaded = guildhall.conversations.load(conversation)
    assert loaded is not None and first in loaded.turns[0].reply and last not in loaded.turns[0].reply
    (tried,) = guildhall.desk.brief(conversation).tried
    assert first in tried.reply and last not in tried.reply  # nor does the adviser read that it was said

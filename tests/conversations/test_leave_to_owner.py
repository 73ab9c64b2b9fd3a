"""While a person has the conversation the assistant keeps quiet, but not deaf."""

from dataclasses import replace

import pytest

from guildhall.conversations.runner import run_turn
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.signals import Category, Detection, Grade, Signal
from guildhall.vocabulary.turns import Channel, Owner, PartKind, Turn, Utterance
from tests.conversations.talk import Talk


class Hears(FakeUnderstanding):
    """Takes anything for domestic abuse, by one detector."""

    def __init__(self, detector: str) -> None:
        super().__init__()
        self.by = detector

    def detect(self, text: str, language: str, recent: object) -> Detection:
        return Detection((Signal(Category.DOMESTIC_ABUSE, Grade.CONFIRM, 0.93, self.by),))


def said_to(talk: Talk, owner: Owner, text: str, detector: str) -> Turn:
    house = replace(talk.house, understanding=Hears(detector))
    owned = replace(talk.conversation(), owner=owner)
    (turn,) = [item for item in run_turn(house, owned, Utterance(text, Channel.WEB, talk.clock())) if isinstance(item, Turn)]
    return turn


@pytest.mark.parametrize(
    ("owner", "text", "detector", "spoken"),
    [
        (Owner.ADVISER, "Yes, I am safe.", "classifier.signals@2", False),
        (Owner.ADVISER, "Yes, I am safe.", "phrases.distress@3", True),
        (Owner.ADVISER, "he came back last night and he has taken my keys and my phone", "classifier.signals@2", True),
        (Owner.QUEUE, "Yes, I am safe.", "classifier.signals@2", True),
    ],
)
def test_a_short_reply_to_an_adviser_raises_no_alarm_by_a_classifier_alone(
    talk: Talk, owner: Owner, text: str, detector: str, spoken: bool
) -> None:
    turn = said_to(talk, owner, text, detector)
    assert turn.reason == Reason.NOT_THE_OWNER
    assert any(part.wording == "crisis.domestic_abuse" for part in turn.reply.parts) == spoken
    assert PartKind.ANSWER not in {part.kind for part in turn.reply.parts}
    assert bool(talk.memory.people.waiting()) == spoken

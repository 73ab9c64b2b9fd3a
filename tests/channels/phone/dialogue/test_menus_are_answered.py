"""Every question that the menus lead to, put to the real turn with the embedded models: answered from the council's pages or place data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall, open_guildhall
from guildhall.channels.phone.dialogue.answers import Answers
from guildhall.channels.phone.house import Replied
from guildhall.conversations.runner import collect_turn
from guildhall.councils.phone_config import MenuOption
from guildhall.settings import Settings
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.turns import Channel, Turn, Utterance
from tests.channels.phone.dialogue.calls import PROFILE, directed
from tests.channels.phone.dialogue.test_menus import LEAVES

PLACE = next(street for street in PROFILE.places.streets if len(PROFILE.places.find(street.postcode)) == 1)
EVIDENCE = (Reason.EVIDENCE_FOUND, Reason.LOOKUP_FOUND)


@pytest.fixture(scope="module")
def guildhall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guildhall]:
    """The house as it is deployed, with a memory of the test's own; converted models are taken from where they are kept."""
    folder = tmp_path_factory.mktemp("var")
    if Path("var/models").is_dir():
        (folder / "models").symlink_to(Path("var/models").resolve())
    opened = open_guildhall(Settings(data_dir=folder, detector_timeout_seconds=60))  # the machine of a test may be busy
    yield opened
    opened.close()


def ask(guildhall: Guildhall, words: str) -> Turn:
    """One turn on the phone."""
    conversation, _ = guildhall.conversations.start(Channel.PHONE, "", guildhall.house.clock())
    return collect_turn(guildhall.house, conversation, Utterance(words, Channel.PHONE, guildhall.house.clock()))


@pytest.mark.parametrize(("path", "option"), LEAVES, ids=[path for path, _ in LEAVES])
def test_every_question_of_the_menus_is_answered_with_evidence(guildhall: Guildhall, path: str, option: MenuOption) -> None:
    asked = option.ask[Language.ENGLISH] + (f" I live at 12 {PLACE.name}, {PLACE.postcode}." if option.place else "")
    turn = ask(guildhall, asked)
    assert (turn.outcome, turn.reason in EVIDENCE) == (Outcome.ANSWERED, True), f"{path}: {turn.outcome}, {turn.reason}: {turn.reply.text}"
    assert turn.reply.citations or turn.reason == Reason.LOOKUP_FOUND
    answers: Answers = directed().dialogue.answers
    said = [spoken for part in turn.reply.parts for spoken in answers.spoken(Replied(turn.id, part))]
    assert said and sum(len(spoken.text.split()) for spoken in said if spoken.interruptible) <= PROFILE.phone.answer_words + 40
    assert not any(character in spoken.text for spoken in said for character in "£*[]|0123456789")

"""A small house for tests of the turn: the demonstration council's rules and wording, fakes for the rest, a real record."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from guildhall.conversations.house import House
from guildhall.conversations.runner import collect_turn, run_turn
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.testing.house import FakeClock, house_of_fakes
from guildhall.vocabulary.turns import Channel, Conversation, ReplyPart, Turn, Utterance
from tests.storage.memory import Memory


@lru_cache(maxsize=1)
def profile() -> CouncilProfile:
    """The demonstration council."""
    return load_council(Path("councils"), "avonmere", Path("var/cache/yaml"))


class Talk:
    """A conversation under way: say something, get the finished turn."""

    def __init__(self, memory: Memory, **parts: Any) -> None:
        self.memory = memory
        self.clock = FakeClock()
        given: dict[str, Any] = {
            "records": memory.record,
            "conversations": memory.conversations,
            "people": memory.people,
            "clock": self.clock,
        }
        self.house: House = house_of_fakes(profile(), **(given | parts))
        self.id = memory.conversations.start(Channel.WEB, "", self.clock())[0].id

    def conversation(self) -> Conversation:
        """The conversation as the next turn finds it."""
        loaded = self.memory.conversations.load(self.id)
        assert loaded is not None
        return loaded

    def say(self, text: str, channel: Channel = Channel.WEB) -> Turn:
        """One turn, collected."""
        return collect_turn(self.house, self.conversation(), Utterance(text, channel, self.clock()))

    def stream(self, text: str) -> Iterator[ReplyPart | Turn]:
        """One turn, part by part."""
        return run_turn(self.house, self.conversation(), Utterance(text, Channel.WEB, self.clock()))


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    """A fresh conversation."""
    memory = Memory(tmp_path / "talk.sqlite3")
    yield Talk(memory)
    memory.database.close()

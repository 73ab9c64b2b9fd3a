"""A small council house for tests of governance: a board of four, a folder with one rule, a clock that is moved by hand, real turns."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from guildhall.conversations.runner import collect_turn
from guildhall.governance.approving import sign_change
from guildhall.governance.board import enrol
from guildhall.governance.changes import Change, open_change
from guildhall.governance.in_force import PacksInForce
from guildhall.governance.office import Folder, Office
from guildhall.governance.packs import Packs
from guildhall.governance.proposing import check, into_shadow, onto_next_share, propose, replay_change
from guildhall.governance.signing import public_key_of
from guildhall.governance.trying import TryingBench
from guildhall.policy.config import RuleFile
from guildhall.policy.packs import Pack, pack_of
from guildhall.storage.governance import GovernanceStore
from guildhall.storage.past import PastTurns
from guildhall.storage.schema import events
from guildhall.testing.house import FakeClock, house_of_fakes
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.signals import Category, Grade
from guildhall.vocabulary.turns import Channel, Turn, Utterance
from tests.conversations.talk import profile
from tests.storage.memory import Memory

ADA, OLU, DEV, CHRIS, SAM = "Ada Author", "Olu Owner", "Dev Data", "Chris Chair", "Sam Services"
BOARD = {
    ADA: (Role.RULE_OWNER,),
    OLU: (Role.RULE_OWNER,),
    DEV: (Role.DATA_PROTECTION_OFFICER,),
    SAM: (Role.SERVICE_MANAGER,),
    CHRIS: (Role.BOARD_CHAIR,),
}
SIGNALS = {
    "kill myself": (Category.SUICIDE_SELF_HARM, Grade.CONFIRM),
    "feel low": (Category.SUICIDE_SELF_HARM, Grade.SCREEN),
    "smell gas": (Category.HAZARD_GAS, Grade.CONFIRM),
}
WHY = "because the board wants it"


def care(version: int = 1, sure: str = "escalate", low: str = "warn", **changes: Any) -> RuleFile:
    """The rule of the folder: what is done for somebody who is surely, or perhaps, at risk."""
    effects = {"escalate": {"effect": "escalate", "queue": "duty"}}
    sure_then, low_then = effects.get(sure, {"effect": sure}), effects.get(low, {"effect": low})
    body = {
        "kind": "rule", "id": "care", "version": version, "title": "Somebody may need care", "why": "Because people matter most",
        "owner": "duty-manager", "review_by": "2027-12-01", "scope": {"stages": ["on_input"]},
        "cases": [
            {"when": {"signal": "suicide_self_harm", "grade": "confirm"}, "then": sure_then},
            {"when": {"signal": "suicide_self_harm", "grade": "screen"}, "then": low_then},
        ],
        "facts_examples": {
            "fires": [
                {"signals": ["suicide_self_harm confirm"], "effect": sure},
                {"signals": ["suicide_self_harm screen"], "effect": low},
            ],
            "quiet": [{}],
        },
        "rollout": {"shadow_days": 1, "shadow_turns": 2, "canary": [50, 100], "step_turns": 2},
    } | changes  # fmt: skip
    return RuleFile.model_validate_json(json.dumps(body))


class CouncilHouse:
    """A council whose folder, clock and stopwatch a test holds in its hands."""

    def __init__(self, path: Path) -> None:
        self.memory = Memory(path)
        self.clock = FakeClock()
        self.seconds = 0.0
        self.folder: tuple[RuleFile, ...] = (care(),)
        self.keys = {name: Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n, name in enumerate(BOARD, start=1)}
        self.store = GovernanceStore(self.memory.database, self.memory.keys, "testshire", self.memory.new_id)
        past = PastTurns(self.memory.database, self.memory.keys, "testshire")
        self.listener = FakeUnderstanding(SIGNALS)
        self.office = Office(
            council="testshire",
            store=self.store,
            packs=Packs(self.store),
            folder=lambda: Folder(pack_of(self.folder), {"policy/care.yaml": "kind: rule"}),
            check_pack=lambda _pack: None,
            bench=TryingBench(past, lambda: self.listener),
            past=past,
            clock=self.clock,
        )

    # The board

    def found(self, names: Sequence[str] = tuple(BOARD)) -> None:
        """Enrol everybody; the chair comes last, and from then on enrols alone."""
        for name in names:
            enrol(self.office, name, BOARD[name], public_key_of(self.keys[name]))

    def proposed(self, *rules: RuleFile, loosens: bool = False, author: str = ADA) -> Change:
        """A change to these rules."""
        self.folder = rules
        return propose(self.office, author, self.keys[author], WHY, loosens)

    def tested(self, *rules: RuleFile, loosens: bool = False) -> Change:
        """A change that was checked and replayed."""
        change = self.proposed(*rules, loosens=loosens)
        check(change)
        replay_change(change)
        return change

    def sign(self, change: Change, *names: str) -> None:
        """Sign a change."""
        for name in names:
            sign_change(self.again(change), name, self.keys[name])

    def again(self, change: Change) -> Change:
        """The change as the store has it now."""
        return open_change(self.office, self.store.proposal(change.proposal.id))

    def in_canary(self, *rules: RuleFile) -> Change:
        """A change that judges its first share."""
        change = self.tested(*rules)
        into_shadow(change)
        judges = self.judges()
        for _ in range(12):  # some of them may belong to a canary that is running already
            self.say("where is my bin", judges=judges)
        self.clock.move(days=1)
        self.sign(change, OLU, DEV)
        onto_next_share(self.again(change))
        return self.again(change)

    # Turns

    def judges(self) -> PacksInForce:
        """A server's view of the rules in force, opened now."""
        return PacksInForce(self.store, Packs(self.store), lambda: pack_of(self.folder), self.clock, lambda: self.seconds)

    def say(self, text: str, conversation: str = "", judges: PacksInForce | None = None) -> Turn:
        """One turn, judged by a server. A new conversation when none is given."""
        opened = conversation or self.memory.conversations.start(Channel.WEB, "", self.clock())[0].id
        loaded = self.memory.conversations.load(ConversationId(opened))
        assert loaded is not None
        house = house_of_fakes(
            profile(),
            self.memory.record,
            self.memory.conversations,
            self.memory.people,
            understanding=self.listener,
            packs=judges or self.judges(),
            clock=self.clock,
            new_id=self.memory.new_id,
        )
        return collect_turn(house, loaded, Utterance(text, Channel.WEB, self.clock()))

    def happened(self, kind: EventKind) -> list[dict[str, Any]]:
        """The facts of every event of a kind."""
        with self.memory.database.reading() as connection:
            rows = connection.execute(select(events.c.facts).where(events.c.kind == kind.value).order_by(events.c.seq))
            return [json.loads(row.facts) for row in rows]


def pack(*rules: RuleFile) -> Pack:
    """A pack of these rules."""
    return pack_of(rules)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[CouncilHouse]:
    """A council with a founded board."""
    made = CouncilHouse(tmp_path / "house.sqlite3")
    made.found()
    yield made
    made.memory.database.close()

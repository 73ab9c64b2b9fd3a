"""A board behind the console of a real front door: its members with their keys, and a folder that a test holds in its hands."""

import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guildhall.bootstrap.console import open_console
from guildhall.bootstrap.house import Guildhall
from guildhall.governance.activating import tighten_at_once
from guildhall.governance.approving import sign_change
from guildhall.governance.board import enrol
from guildhall.governance.changes import Change, open_change
from guildhall.governance.in_force import PacksInForce
from guildhall.governance.office import Folder
from guildhall.governance.packs import Packs
from guildhall.governance.proposing import check, into_shadow, propose, replay_change
from guildhall.governance.signing import public_key_of
from guildhall.policy.config import RuleFile
from guildhall.policy.judging import Judging
from guildhall.policy.packs import pack_of
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.turns import Conversation
from tests.governance.council_house import BOARD, WHY, care
from tests.web.console.staff import residents_ask
from tests.web.front_door import demo_profile, open_front_door


@dataclass
class LatePacks:
    """The demo council's rules until a board's are put in their place."""

    given: PacksInForce | None = None

    def for_conversation(self, conversation: Conversation) -> Judging:
        return self.given.for_conversation(conversation) if self.given else Judging(demo_profile().pack)


@dataclass
class BoardHouse:
    """A front door with a board."""

    path: Path
    clock: FakeClock = field(default_factory=FakeClock)
    folder: tuple[RuleFile, ...] = (care(),)

    def __post_init__(self) -> None:
        self.packs = LatePacks()
        self.guildhall: Guildhall = open_front_door(self.path, self.clock, packs=self.packs)
        office = open_console(self.guildhall).office
        self.office = replace(office, folder=lambda: Folder(pack_of(self.folder), {}), check_pack=lambda _pack: None)
        self.keys = {name: Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n, name in enumerate(BOARD, start=1)}
        for name, roles in BOARD.items():
            enrol(self.office, name, roles, public_key_of(self.keys[name]))

    def judge(self) -> None:
        """From now on the board's rules judge every turn."""
        store = self.office.store
        self.packs.given = PacksInForce(store, Packs(store), lambda: pack_of(self.folder), self.clock, time.perf_counter)

    def proposed(self, author: str, *rules: RuleFile, loosens: bool = False, why: str = WHY) -> Change:
        self.folder = rules
        return propose(self.office, author, self.keys[author], why, loosens)

    def test(self, change: Change) -> None:
        check(change)
        replay_change(change)

    def again(self, change: Change) -> Change:
        return open_change(self.office, self.office.store.proposal(change.proposal.id))

    def sign(self, change: Change, *names: str) -> None:
        for name in names:
            sign_change(self.again(change), name, self.keys[name])


KNOB = {"sure_from": {"what": "How sure we must be before a person is brought in", "default": 0.6, "min": 0.5, "max": 0.8}}
KNOB_CASES = [
    {"when": {"signal": "suicide_self_harm", "at_parameter": "sure_from"}, "then": {"effect": "offer"}},
    {"when": {"signal": "suicide_self_harm", "grade": "screen"}, "then": {"effect": "warn"}},
]


def a_board_at_work(path: Path) -> BoardHouse:
    """One change in shadow, seen in two turns and half signed; and an emergency beside it."""
    made = BoardHouse(path, folder=(care(parameters=KNOB, cases=KNOB_CASES),))
    residents_ask(made.guildhall, "I want to kill myself", "How much is bulky waste?")
    change = made.proposed("Ada Author", care(2, low="offer"), why="Bring a person in for everybody who may be at risk")
    made.test(change)
    into_shadow(made.again(change))
    made.judge()
    residents_ask(made.guildhall, "I want to kill myself", "I lost my badge")
    made.sign(change, "Olu Owner")
    made.folder = (made.office.packs.get(change.before.id).rules[0], care(1, id="care-more", title="Care for more people"))
    tighten_at_once(made.office, "Ada Author", made.keys["Ada Author"], "Fake bereavement calls go round")
    return made

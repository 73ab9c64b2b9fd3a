"""The acceptance test of the desk: a resident in one browser and staff in others, at a real front door whose desk keeps moving by itself."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, expect

from guildhall.bootstrap.desk_round import beside
from guildhall.bootstrap.desk_ticker import DeskTicker
from guildhall.storage.threads import EntryKind
from guildhall.testing.house import FakeClock
from guildhall.testing.understanding import SIGNALS, FakeUnderstanding
from guildhall.vocabulary.handoffs import HandoffStatus
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.signals import Category, Grade
from guildhall.vocabulary.turns import Owner
from tests.browser.conftest import Server, axe_findings
from tests.browser.two_browsers import AtTheKeyboard, ResidentsBrowser, desk_link
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser
HARD = "And how do I pay council tax, now that I can't see the point of carrying on?"
HEARS = FakeUnderstanding(signals={**SIGNALS, "point of carrying on": (Category.SUICIDE_SELF_HARM, Grade.CONFIRM)})
TO_RESIDENT, TO_ADVISER = "a message reaches the resident", "a message reaches the adviser"
REMEMBERS_OWNERS = """() => {
  window.owners = []
  const look = () => window.owners.push(document.getElementById('owner')?.className ?? 'nobody')
  new MutationObserver(look).observe(document.getElementById('owner-place'), { childList: true, subtree: true, attributes: true })
}"""


@dataclass
class RunningClock(FakeClock):
    """A Wednesday morning that goes on by itself, so that everything that is due in seconds comes due."""

    started: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.started)


@dataclass
class Times:
    """How long what happened on one side took to be seen on the other."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def until(self, what: str, arrives: Callable[[], object], begins: Callable[[], object]) -> None:
        """From the one to the other."""
        started = time.monotonic()
        begins()
        arrives()
        self.seconds.setdefault(what, []).append(time.monotonic() - started)

    def a_second_or_more(self) -> list[str]:
        """What took so long as a rule: one of several may come while the machine does something else."""
        return [what for what, each in self.seconds.items() if median(each) >= 1]

    def __str__(self) -> str:
        return "\n".join(f"{what}: {', '.join(f'{one:.2f} s' for one in each)}" for what, each in self.seconds.items())


@pytest.fixture
def place(tmp_path: Path, chromium: Browser) -> Iterator[Server]:
    """A front door as `guildhall serve` runs it: beside it what gives conversations out and looks every second at what is due."""
    running = Server(open_front_door(tmp_path, RunningClock(), understanding=HEARS))
    guildhall, said = running.guildhall, list[str]()
    ticker = DeskTicker(guildhall.desk, guildhall.house.clock, said.append, beside=beside(guildhall.after, guildhall.supervised))
    ticker.start()
    yield running
    for context in chromium.contexts:
        context.close()
    ticker.stop()
    running.stop()
    assert said == []


def test_a_resident_in_trouble_and_the_people_who_help(place: Server, chromium: Browser) -> None:
    guildhall, desk = place.guildhall, place.guildhall.desk
    took = Times()

    # Three people come to work. They have no mouse.
    ada = AtTheKeyboard(chromium, place.url, desk_link(guildhall, "Ada Marsh", Role.ADVISER)).comes()
    tom = AtTheKeyboard(chromium, place.url, desk_link(guildhall, "Tom Reed", Role.ADVISER, capacity=1))
    sue = AtTheKeyboard(chromium, place.url, desk_link(guildhall, "Sue Hart", Role.SUPERVISOR))

    # A resident asks something ordinary, and has an answer with its source.
    resident = ResidentsBrowser.come(chromium, place.url)
    resident.asks("How much is bulky waste?")
    expect(resident.page.locator("#latest")).to_contain_text("£32")
    expect(resident.page.locator("#latest .sources")).to_contain_text("Bulky waste collection")

    # Then something hard, hidden in another question: safety words come first, then the place in the queue. Ada is asked at once.
    resident.writes(HARD)
    ada.is_asked()
    resident.waits()
    expect(resident.page.locator("#latest")).to_contain_text("116 123")
    expect(resident.page.locator("#place")).to_contain_text("duty")
    conversation = resident.conversation_id
    handoff = desk.handoffs.live_of(conversation)
    assert handoff is not None and handoff.offered_at is not None
    took.seconds["somebody is asked to take them"] = [(handoff.offered_at - handoff.requested_at).total_seconds()]
    assert axe_findings(resident.page) == []

    # Ada reads the brief before anybody has said a word of theirs: what is wanted, what was heard, what was found.
    ada.looks()
    brief = ada.page.locator("#brief")
    expect(brief).to_contain_text("Signs of risk")
    expect(brief.locator("q")).to_contain_text("can't see the point of carrying on")
    expect(brief).to_contain_text("How much is bulky waste?")
    expect(brief).to_contain_text("Suggested next step")
    expect(ada.page.locator("#thread")).to_have_count(0)
    assert axe_findings(ada.page) == []
    took.until("the resident knows who came", lambda: resident.is_with("Adviser Ada"), lambda: ada.press("a"))
    ada.has_the_conversation()
    assert axe_findings(ada.page) == []

    # Both write. Each sees that the other does, has the words in less than a second, and sees that theirs were seen.
    ada.begins("I am Ada, and I am with you now.")
    expect(resident.page.locator("#writing span")).to_be_visible()
    expect(resident.page.locator("#writing span")).to_have_text("Adviser Ada is writing")
    took.until(TO_RESIDENT, lambda: resident.reads("I am with you now"), ada.sends)
    expect(ada.page.locator(".entry__seen")).to_have_text("Seen by the resident")
    resident.page.type("#message", "Thank you. ")
    expect(ada.page.locator("#typing")).to_be_visible()
    took.until(TO_ADVISER, lambda: ada.reads("It is the bills."), lambda: resident.writes("It is the bills."))
    took.until(TO_ADVISER, lambda: ada.reads("They keep coming."), lambda: resident.writes("They keep coming."))
    expect(resident.page.locator(".turn__status").last).to_have_text("Seen")
    expect(resident.page.locator("#waiting")).to_have_text("")

    # Ada puts in an approved reply by its short code, and a fact from the council's pages with its source.
    ada.begins("/moment")
    ada.page.wait_for_selector("#offers:not([hidden])")
    ada.press("Enter")
    took.until(TO_RESIDENT, lambda: resident.reads("I am still here"), ada.sends)
    ada.searches("council tax").to(".found__insert").press("Enter")
    ada.page.wait_for_selector("#cited-sources li")
    took.until(TO_RESIDENT, lambda: resident.reads("01632 960123"), ada.sends)
    cited = resident.page.locator(".turn--adviser", has_text="01632 960123").locator(".sources")
    expect(cited).to_contain_text("Pay your council tax: Ways to pay")

    # What is between staff stays between staff; a reload on both sides loses nothing, half-written words included.
    ada.notes("Lives alone, has a sister in Leeds")
    ada.begins("Would it help if")
    ada.page.wait_for_function("document.getElementById('write').value === 'Would it help if'")
    for _ in range(100):  # until it is kept
        if any(desk.messages.unsent(conversation, one.staff_id) == "Would it help if" for one in desk.advisers.everyone()):
            break
        ada.page.wait_for_timeout(100)
    resident.page.fill("#message", "I wanted to")
    before = [entry.id for entry in desk.threads.read(conversation)]
    ada.page.reload()
    resident.page.reload()
    ada.ready()
    expect(ada.page.locator("#write")).to_have_value("Would it help if")
    expect(ada.page.locator(".entry--note")).to_contain_text("sister in Leeds")
    resident.is_with("Adviser Ada")
    for words in ("I am with you now", "I am still here", "01632 960123"):
        resident.reads(words)
    assert "Leeds" not in resident.page.content()
    assert [entry.id for entry in desk.threads.read(conversation)][: len(before)] == before
    assert axe_findings(resident.page) == []

    # A supervisor sees the floor without anybody's words.
    sue.press("f")
    sue.page.wait_for_selector("#floor-now")
    expect(sue.page.locator("#advisers + .floor__table")).to_contain_text("Ada Marsh")
    assert "carrying on" not in sue.page.content()
    assert axe_findings(sue.page) == []

    # Ada asks Tom to take over, and says why. The resident is never without somebody.
    tom.comes()
    resident.page.evaluate(REMEMBERS_OWNERS)
    ada.asks_colleague("Tom", "He knows about arrears, and I finish at eleven")
    tom.page.wait_for_selector("text=Ada Marsh asks you")
    tom.to("[id^=asked-] a").press("Enter")
    tom.page.wait_for_selector("#asked")
    tom.ready()
    expect(tom.page.locator("#thread")).to_contain_text("He knows about arrears")
    resident.is_with("Adviser Ada")
    tom.press("a")
    resident.is_with("Adviser Tom")
    tom.ready()
    assert [owner for owner in resident.page.evaluate("window.owners") if "owner--adviser" not in owner] == []
    expect(ada.page.locator("#lost")).to_be_visible()
    tom.writes("Hello, I am Tom. Ada has told me.")
    resident.reads("Ada has told me")
    resident.writes("Thank you both.")
    tom.reads("Thank you both.")

    # Tom wraps up: the right team. The resident says how it went.
    tom.wraps_up(right_team=True)
    closed = desk.handoffs.get(handoff.reference)
    assert (closed.status, closed.wrap_up, closed.right_team) == (HandoffStatus.CLOSED, "signposted", True)
    expect(tom.page.locator("#rest")).to_contain_text("That was a hard one")
    assert axe_findings(tom.page) == []
    resident.page.wait_for_selector("#owner.owner--closed")
    assert axe_findings(resident.page) == []
    resident.page.check("#satisfaction-score-2")
    resident.page.click("form#satisfaction button[type=submit]")
    expect(resident.page.locator("#owner")).to_contain_text("Thank you. We have your answer.")

    # Writing again starts afresh: the old words raise no second alarm.
    resident.asks("How much is bulky waste?")
    expect(resident.page.locator("#latest")).to_contain_text("£32")
    assert "116 123" not in resident.page.inner_text("#latest")
    assert guildhall.conversations.owner_of(ConversationId(resident.conversation_id)) == Owner.ASSISTANT
    assert desk.handoffs.live_of(resident.conversation_id) is None
    expect(ada.page.locator(".row--offered")).to_have_count(0)

    # Each message was sent once, nobody used a mouse, and nothing took a second.
    sent = [entry.text for entry in desk.threads.read(conversation) if entry.kind == EntryKind.MESSAGE]
    assert len(sent) == len(set(sent)) == 4
    for person in (ada, tom, sue):
        assert (person.mouse, person.faults) == (0, [])
    print(took)
    assert took.a_second_or_more() == []

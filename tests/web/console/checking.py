"""Advisers who check answers at a front door where bulky waste is supervised."""

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.handoffs import AdviserStatus
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.supervision import DraftAnswer, Mode, Topic, TopicKind
from tests.web.browser import Browser
from tests.web.console.staff import Staff

BULKY = Topic(TopicKind.SERVICE, "bulky-waste")
WHY = "Because the fees have just changed"
QUESTION = "How much is <b>bulky</b> waste?"


def supervise(guildhall: Guildhall, topic: Topic = BULKY, mode: Mode = Mode.ADVISER_APPROVES_DRAFT, by: str = "staff_0") -> None:
    """A topic is tightened, as staff would."""
    guildhall.supervised.changing.tighten(topic, guildhall.supervised.rule(topic), mode, WHY, by)


def adviser(guildhall: Guildhall, name: str = "Priya Shah", *queues: str, role: Role = Role.ADVISER) -> Staff:
    """Somebody signed in who sits at the desk and is here."""
    staff = Staff(guildhall, role, name=name)
    member = staff.door.staff.by_name(name)
    now = guildhall.house.clock()
    guildhall.desk.advisers.set(member.id, queues or ("front-desk",), ["en"], False, 4, "test", now)
    guildhall.desk.advisers.set_status(member.id, AdviserStatus.AVAILABLE, now)
    return staff


def a_resident_asks(guildhall: Guildhall, words: str = QUESTION) -> tuple[Browser, DraftAnswer]:
    """A resident's browser, and the draft that waits for them."""
    resident = Browser(guildhall)
    resident.open("/").ask(words)
    return resident, guildhall.supervised.drafts.waiting()[-1]

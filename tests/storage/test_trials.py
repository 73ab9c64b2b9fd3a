"""A trial in the record: two people start it, one stops it, and the way of each who agreed can be worked out again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from guildhall.storage.schema import events
from guildhall.storage.trials import PURPOSE, TrialStore
from guildhall.value.trials.plan import TrialPlan
from guildhall.value.trials.standing import Approval, Standing, refuse_approval, refuse_stop
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import StaffId, StaffMember
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory
from tests.value.trials.plans import plan

LEAD = StaffMember(StaffId("lead"), "Priya Lead", frozenset({Role.PROGRAMME_LEAD}))
OFFICER = StaffMember(StaffId("officer"), "Owen Officer", frozenset({Role.DATA_PROTECTION_OFFICER}))
BOTH = StaffMember(StaffId("both"), "Bo Both", frozenset({Role.PROGRAMME_LEAD, Role.BOARD_CHAIR}))
READER = StaffMember(StaffId("reader"), "Rae Reader", frozenset({Role.AUDITOR}))


def store_of(memory: Memory) -> TrialStore:
    return TrialStore(memory.database, memory.keys, "testshire", memory.new_id)


def approve(store: TrialStore, by: StaffMember, of: TrialPlan | None = None, over: bool = False, differs: bool = True) -> Standing:
    wanted = of or plan()
    approval = Approval(by.id, frozenset(role.value for role in by.roles), NOW)
    return store.approve(wanted, approval, {"smallest": 0.05}, ("t", "u"), lambda now: refuse_approval(now, wanted, by, over, differs))


def started(memory: Memory) -> TrialStore:
    store = store_of(memory)
    approve(store, LEAD)
    assert approve(store, OFFICER).runs
    return store


def begin(memory: Memory, beside: Callable[..., None] | None) -> str:
    return str(memory.conversations.start(Channel.WEB, "en", NOW, beside=beside)[0].id)


def kinds(memory: Memory) -> list[str]:
    with memory.database.reading() as connection:
        return list(connection.scalars(select(events.c.kind).order_by(events.c.seq)))


def test_it_starts_with_the_second_approval_and_not_with_two_of_one_person(memory: Memory) -> None:
    store = store_of(memory)
    assert not approve(store, BOTH).runs
    with pytest.raises(RefusedError, match="Bo Both has already approved `t`"):
        approve(store, BOTH)
    now = approve(store, LEAD)
    assert now.runs
    assert now.told
    assert now.told["approved_by"] == ["both", "lead"]
    assert kinds(memory) == ["TrialApproved", "TrialApproved", "TrialStarted"]


def test_two_programme_leads_do_not_start_it(memory: Memory) -> None:
    store = store_of(memory)
    approve(store, LEAD)
    assert not approve(store, StaffMember(StaffId("other"), "Olu Other", frozenset({Role.PROGRAMME_LEAD}))).runs


def test_an_approval_of_another_plan_does_not_count(memory: Memory) -> None:
    store = store_of(memory)
    approve(store, LEAD, plan(share=0.4))
    assert not approve(store, OFFICER).runs


@pytest.mark.parametrize(
    ("by", "of", "over", "differs", "says"),
    [
        (READER, {}, False, True, "approved by a programme lead, and by a data protection officer or board chair"),
        (LEAD, {"contacts": 400}, False, True, "`t` may not start. With 400 contacts"),
        (LEAD, {}, True, True, "the last day of `t` was 31 December 2026"),
        (LEAD, {}, False, False, "the two ways of `t` would be the same"),
    ],
)
def test_what_may_not_be_approved_says_why(
    memory: Memory, by: StaffMember, of: dict[str, int], over: bool, differs: bool, says: str
) -> None:
    with pytest.raises(RefusedError, match=says):
        approve(store_of(memory), by, plan(**of), over, differs)
    assert kinds(memory) == []


def test_only_one_trial_runs_at_a_time(memory: Memory) -> None:
    store = started(memory)
    other = TrialPlan(**{name: getattr(plan(), name) for name in TrialPlan.__slots__} | {"id": "u"})
    approve(store, LEAD, other)
    with pytest.raises(RefusedError, match="`t` runs already"):
        approve(store, OFFICER, other)
    assert store.running(("t", "u")) == "t"


def test_one_person_stops_it_for_good_and_everybody_is_back_on_the_usual_way_at_the_next_turn(memory: Memory) -> None:
    store = started(memory)
    members = [begin(memory, store.joining(plan(), NOW)) for _ in range(4)]
    assert all(memory.conversations.load(one).assigned for one in members)  # type: ignore[union-attr,arg-type]
    with pytest.raises(RefusedError, match="stopped by anybody who may turn switches"):
        store.stop("t", READER.id, "It confuses people", NOW, lambda now: refuse_stop(now, READER, "It confuses people"))
    with pytest.raises(RefusedError, match="at least 10 characters"):
        store.stop("t", LEAD.id, "bad", NOW, lambda now: refuse_stop(now, LEAD, "bad"))
    store.stop("t", LEAD.id, "It confuses people", NOW, lambda now: refuse_stop(now, LEAD, "It confuses people"))
    assert all(memory.conversations.load(one).assigned is None for one in members)  # type: ignore[union-attr,arg-type]
    late = begin(memory, store.joining(plan(), NOW))
    assert store.of(late) is None
    with pytest.raises(RefusedError, match="was started on 25 November 2026"):
        approve(store, LEAD)


def test_who_did_not_agree_has_no_arm(memory: Memory) -> None:
    store = started(memory)
    conversation = begin(memory, None)
    assert store.of(conversation) is None
    assert memory.conversations.load(conversation).assigned is None  # type: ignore[union-attr,arg-type]
    assert store.members("t") == ()


def test_chance_divides_as_planned_and_can_be_worked_out_again(memory: Memory) -> None:
    store = started(memory)
    for _ in range(200):
        begin(memory, store.joining(plan(), NOW))
    members = store.members("t")
    assert len(members) == store.joined_since(NOW) == 200
    assert 65 < sum(one.new for one in members) < 135
    assert all(one.right for one in members)
    assert store.members("t") == members


def test_an_assignment_that_somebody_steered_is_found_out_and_so_is_a_key_that_is_gone(memory: Memory) -> None:
    store = started(memory)
    steered = begin(memory, store.joining(plan(), NOW))
    begin(memory, store.joining(plan(), NOW))
    with memory.database.writing() as connection:
        row = connection.execute(
            select(events).where(events.c.kind == EventKind.TRIAL_JOINED.value, events.c.conversation_id == steered)
        ).one()
        turned = row.facts.replace('"new":true', '"new":xxx').replace('"new":false', '"new":true').replace('"new":xxx', '"new":false')
        assert turned != row.facts
        connection.execute(update(events).where(events.c.id == row.id).values(facts=turned))
    assert [one.conversation_id for one in store.members("t") if not one.right] == [steered]
    store._keys.destroy(PURPOSE)
    for _ in range(20):
        begin(memory, store.joining(plan(), NOW))
    assert [one.right for one in store.members("t")].count(True) >= 20


def test_it_is_taken_back_once_and_then_nothing_is_assigned(memory: Memory) -> None:
    store = started(memory)
    conversation = begin(memory, store.joining(plan(), NOW))
    assert store.leave(conversation, NOW + timedelta(minutes=1))
    assert not store.leave(conversation, NOW + timedelta(minutes=2))
    assert memory.conversations.load(conversation).assigned is None  # type: ignore[union-attr,arg-type]
    (member,) = store.members("t")
    assert member.left_at == NOW + timedelta(minutes=1)
    assert kinds(memory)[-2:] == ["TrialJoined", "TrialLeft"]


def test_the_agreement_and_the_conversation_stand_or_fall_together(memory: Memory) -> None:
    store = started(memory)
    joining = store.joining(plan(), NOW)

    def breaks(*given: object) -> None:
        joining(*given)  # type: ignore[arg-type]
        raise RuntimeError("no power")

    before = kinds(memory)
    with pytest.raises(RuntimeError, match="no power"):
        begin(memory, breaks)
    assert kinds(memory) == before


def test_another_council_in_the_same_database_has_trials_of_its_own(memory: Memory) -> None:
    started(memory)
    assert not TrialStore(memory.database, memory.keys, "elsewhere", memory.new_id).standing("t").runs

"""Whole simulations, small and without models: through the real turn, record, desk and calls."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select

from guildhall.bootstrap.simulating import Run, refuse_real_contacts, simulated_settings
from guildhall.settings import Settings
from guildhall.simulation.keeping import read_standing
from guildhall.storage.calls_schema import calls
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade
from guildhall.storage.schema import conversations, events, handoffs
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import LIVE
from guildhall.vocabulary.ladder import Rung
from guildhall.vocabulary.turns import SIMULATED
from tests.simulation.runs import COUNCILS, open_plan, plan_of, settings_in


def count(run: Run, *where: object) -> int:
    with run.guildhall.database.reading() as connection:
        return int(connection.execute(select(func.count()).where(*where)).scalar_one())  # type: ignore[arg-type]


def of_kind(run: Run, kind: EventKind) -> int:
    return count(run, events.c.kind == kind.value)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = open_plan(tmp_path_factory.mktemp("ran"), plan_of(contacts=140, days=5))
    assert run.go()
    return run


def test_every_contact_is_in_the_record_and_says_that_it_is_simulated(ran: Run) -> None:
    assert count(ran, conversations.c.source == SIMULATED) == count(ran, conversations.c.id.is_not(None)) == 140
    assert ran.simulation.tally.contacts == 140
    assert count(ran, events.c.kind == EventKind.CONVERSATION_STARTED.value, events.c.facts.contains('"simulated":true')) == 140


def test_every_rung_occurs(ran: Run) -> None:
    rungs = ran.rungs()
    assert sum(rungs.values()) == 140
    assert [rung for rung, count in rungs.items() if not count] == []


def test_whoever_is_in_distress_gets_a_request_for_a_person_and_somebody_takes_the_record_in_hand(ran: Run) -> None:
    tally = ran.simulation.tally
    assert tally.distress == tally.distress_met > 5
    assert ran.guildhall.after.safeguarding.open_ones() == ()
    assert of_kind(ran, EventKind.SAFEGUARDING_RAISED) == of_kind(ran, EventKind.SAFEGUARDING_ACKNOWLEDGED) > 0


def test_times_in_the_record_are_simulated_and_in_order(ran: Run) -> None:
    with ran.guildhall.database.reading() as connection:
        times = connection.execute(select(events.c.at).order_by(events.c.seq)).scalars().all()
    seconds = [at.replace(microsecond=0) for at in times]  # how long a message took to be sent is real
    assert seconds == sorted(seconds)
    assert ran.plan.first <= times[0].date() <= times[-1].date()
    assert times[-1] <= ran.until


def test_calls_begin_and_end_and_the_desk_works(ran: Run) -> None:
    assert count(ran, calls.c.ended_at.is_(None)) == 0
    assert of_kind(ran, EventKind.CALL_BEGAN) == of_kind(ran, EventKind.CALL_ENDED) == ran.simulation.tally.channels["phone"]
    for kind in (
        EventKind.HANDOFF_OFFERED,
        EventKind.HANDOFF_ACCEPTED,
        EventKind.MESSAGE_SENT,
        EventKind.HANDOFF_CLOSED,
        EventKind.CALL_BRIDGED,
    ):
        assert of_kind(ran, kind) > 0, kind
    assert of_kind(ran, EventKind.FEEDBACK_GIVEN) and of_kind(ran, EventKind.CONTACT_RECOGNISED)


def test_some_come_again_on_either_channel(ran: Run) -> None:
    assert ran.simulation.tally.again > 3
    assert all(one.due_at > ran.simulation.arrivals[0] for one in ran.simulation.returns)


def test_the_same_plan_gives_the_same_rungs(tmp_path: Path) -> None:
    first, again = (open_plan(tmp_path / name, plan_of()) for name in "ab")
    for run in (first, again):
        run.go()
    assert told(first) == told(again)


def told(run: Run) -> tuple[Mapping[Rung, int], Counter[str], int, int, list[float]]:
    tally = run.simulation.tally
    return run.rungs(), tally.outcomes, tally.asked, tally.again, tally.waits


def test_a_run_that_is_stopped_goes_on_and_holds_each_contact_once(tmp_path: Path) -> None:
    plan = plan_of()
    run = open_plan(tmp_path, plan)
    assert not run.go(lambda: run.simulation.begun < 12)
    assert count(run, calls.c.ended_at.is_(None)) == 0
    assert count(run, handoffs.c.live.is_(True), handoffs.c.status.in_(LIVE)) == 0
    run.guildhall.close()
    standing = read_standing(settings_in(tmp_path).data_dir)
    assert standing is not None and (standing.begun, standing.finished) == (12, False)
    later = open_plan(tmp_path, plan)
    assert later.go()
    assert count(later, conversations.c.source == SIMULATED) == 24
    with pytest.raises(ConfigurationError, match="is there already"):
        open_plan(tmp_path, plan)


def test_a_run_that_was_killed_goes_on_after_the_last_contact_and_ends_what_was_left(tmp_path: Path) -> None:
    plan = plan_of()
    run = open_plan(tmp_path, plan)
    run.keep()
    simulation = run.simulation
    for _ in range(12):  # as `run` does, and then nothing: nobody says goodbye
        at = simulation.arrivals[simulation.begun]
        simulation.diary.run(at)
        simulation.diary.begin(simulation._comes(simulation.begun, at), at)
        simulation.begun += 1
        simulation.diary.run(at.replace(microsecond=at.microsecond + 1))
    left = count(run, calls.c.ended_at.is_(None)) + count(run, handoffs.c.live.is_(True), handoffs.c.status.in_(LIVE))
    run.guildhall.close()
    later = open_plan(tmp_path, plan)
    assert later.simulation.begun == 12
    assert left == 0 or count(later, calls.c.ended_at.is_(None)) == 0
    assert later.go()
    assert count(later, conversations.c.source == SIMULATED) == 24


def test_a_database_with_real_contacts_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    run = open_plan(tmp_path, plan_of(contacts=2, days=1))
    with run.guildhall.database.writing() as connection:
        connection.execute(conversations.insert().values(
            id="conv_real", council="avonmere", channel="web", owner="assistant", secret_digest="", started_at=run.until
        ))  # fmt: skip
    with pytest.raises(ConfigurationError, match="1 contacts that were not simulated"):
        refuse_real_contacts(run.guildhall.database)
    assert of_kind(run, EventKind.CONVERSATION_STARTED) == 0


def test_an_empty_database_is_taken_whether_it_has_tables_or_not(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.sqlite3")
    assert refuse_real_contacts(database) == 0
    upgrade(database)
    assert refuse_real_contacts(database) == 0


def test_the_deployments_own_folder_and_database_are_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, councils_dir=COUNCILS, database_url="", notifications_kind="govuk-notify")
    with pytest.raises(ConfigurationError, match="a folder of its own"):
        simulated_settings(settings, tmp_path)
    with pytest.raises(ConfigurationError, match="own database"):
        simulated_settings(settings, tmp_path / "other", settings.database)
    apart = simulated_settings(settings)
    assert (apart.notifications_kind, apart.data_dir) == ("local", tmp_path / "simulated")
    assert tmp_path / "simulated" in Path(apart.database.removeprefix("sqlite:///")).parents


def test_another_plan_does_not_go_into_the_same_folder(tmp_path: Path) -> None:
    run = open_plan(tmp_path, plan_of(contacts=3, days=1))
    run.keep()
    with pytest.raises(ConfigurationError, match="holds another simulation: 3 contacts over 1 days"):
        open_plan(tmp_path, plan_of(contacts=4, days=1))

"""The parts of the system tell the papers how they stand: each fact dated, with a source that can be looked up."""

from datetime import timedelta
from pathlib import Path

from guildhall.assurance.facts import Fact, Known, Missing, in_words
from guildhall.bootstrap.assurance import LATER, open_desk
from guildhall.bootstrap.evidence import Evidence
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.record_log import log_signer
from guildhall.bootstrap.reporters import REDTEAM, Reporting, reported, reported_by_files
from guildhall.evaluation.fairness import SERVED, Comparison, Slice
from guildhall.evaluation.paired import gap
from guildhall.policy.packs import Pack, canonical
from guildhall.records.requests import Asked
from guildhall.storage.checkpoints import CheckpointStore
from guildhall.storage.fairness import FairnessStore
from guildhall.storage.governance import GovernanceStore
from guildhall.storage.switches import SwitchStore
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.rights import HoldKind, RightsKind
from guildhall.vocabulary.switches import SwitchKind
from tests.assurance.desks import settings_for
from tests.bootstrap.deployment import Deployment
from tests.web.front_door import demo_profile


def asked_of(deployment: Deployment) -> Reporting:
    settings = settings_for(deployment.folder)
    return Reporting(settings, demo_profile(), deployment.clock(), deployment.database, deployment.keys)


def said(known: Known) -> str:
    assert isinstance(known, Fact)
    assert known.taken_at is not None
    return in_words(known.value)


def test_every_question_that_is_open_without_a_part_is_answered_by_one_or_asked_again(tmp_path: Path) -> None:
    asked = asked_of(Deployment(tmp_path))
    evidence = Evidence(asked.settings, asked.profile.pack)
    told = reported(asked) | reported_by_files(asked.profile, "councils/avonmere", evidence)
    assert set(told) == set(LATER)
    facts = [known for known in told.values() if isinstance(known, Fact)]
    assert all(evidence.resolves(source) for fact in facts for source in fact.sources)
    open_still = {name for name, known in told.items() if isinstance(known, Missing)}
    assert open_still == {"log.verified", "switches.drilled", "fairness.worst"}, "nobody signed, drilled or probed yet"


def test_the_log_says_whether_it_leads_to_its_checkpoint(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    deployment.say("How much is bulky waste?")
    store = CheckpointStore(deployment.database, deployment.clock)
    store.sign(log_signer(settings_for(tmp_path)))
    compared = Event(EventId(new_id("event")), EventKind.RECORD_RECONCILED, deployment.clock(), facts={"findings": {"event_changed": 2}})
    deployment.record.append([compared])
    told = said(reported(asked_of(deployment))["log.verified"])
    assert told.startswith("The record leads to its last checkpoint")
    assert "no witness cosigned it" in told
    assert "2 things did not fit" in told
    with deployment.database.writing() as connection:
        connection.exec_driver_sql("update log_records set leaf = ? where seq = 0", (b"x" * 32,))
    assert "does NOT lead to its last checkpoint" in said(reported(asked_of(deployment))["log.verified"])


def test_switches_say_what_is_off_and_how_the_last_drill_went(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    store = SwitchStore(deployment.database, "avonmere", lambda kind: ["web"], new_id, deployment.clock)
    assert said(reported(asked_of(deployment))["switches.off"]) == "Everything is on"
    store.turn_off(SwitchKind.CHANNEL, "web", "wrong answers about bins", "Priya Nair")
    drill = {"kind": "channel", "target": "web", "off_seconds": 1.25, "on_seconds": 0.5, "bound_seconds": 5.0, "passed": True}
    store.note_drill(drill)
    told = reported(asked_of(deployment))
    assert "channel web, off since" in said(told["switches.off"])
    assert "off after 1.25 seconds, 5 are promised; passed" in said(told["switches.drilled"])
    SwitchStore(deployment.database, "elsewhere", lambda kind: ["web"], new_id, deployment.clock).note_drill(drill | {"passed": False})
    assert "passed" in said(reported(asked_of(deployment))["switches.drilled"]), "another council's drill is not ours"


def test_fairness_rights_and_holds_say_how_they_stand(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    worse = gap([True] * 60, [False] * 12 + [True] * 48, situations=[str(number) for number in range(60)])
    found = Comparison(60, 120, 5.0, (Slice("language.pl", SERVED, worse),), ())
    FairnessStore(deployment.database, "avonmere", new_id).add_run(deployment.clock(), "p" * 64, found.as_json())
    asked = asked_of(deployment)
    assert "1 breach; the worst is right answer or a person for language.pl, 20.0 points worse" in said(reported(asked)["fairness.worst"])
    assert said(reported(asked)["rights.open"]) == "No request and no complaint is open, no holds in force"
    rights = deployment.rights.requests
    rights._council = "avonmere"
    rights.register(RightsKind.COMPLAINT, Asked("You kept my number", "Sam Hollis"))
    deployment.rights.holds.place(HoldKind.AUDIT, ["everything"], "an audit is coming", "Priya Nair")
    deployment.clock.move(minutes=60 * 24 * 40)
    told = said(reported(asked_of(deployment))["rights.open"])
    assert "Complaint, received" in told and "OVERDUE" in told and "1 hold in force" in told
    assert "my number" not in told and "Hollis" not in told


def test_a_desk_opens_what_is_there_and_makes_nothing(tmp_path: Path) -> None:
    desk = open_desk(settings_for(tmp_path))
    assert desk.live.facts["log.verified"] == LATER["log.verified"]
    assert isinstance(desk.live.facts["retention.schedules"], Fact)
    assert not (tmp_path / "guildhall.sqlite3").exists()
    deployment = Deployment(tmp_path / "with")
    settings = settings_for(tmp_path / "with")
    assert "Everything is on" in said(open_desk(settings, now=deployment.clock() + timedelta(days=1)).live.facts["switches.off"])


def test_papers_are_about_the_rules_that_the_board_put_in_force_and_not_the_folders(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    settings = settings_for(tmp_path)
    rules = demo_profile().pack.rules
    fewer = Pack(rules[1:])
    assert open_desk(settings).live.pack.value == demo_profile().pack.id
    store = GovernanceStore(deployment.database, deployment.keys, "avonmere", new_id)
    store.put_pack(fewer.id, canonical(fewer.rules).decode(), {}, deployment.clock())
    store.found(fewer.id, "Priya Nair", deployment.clock())
    desk = open_desk(settings)
    assert desk.live.pack.value == fewer.id
    assert rules[0].id not in [row.key for row in desk.live.tables["rules"].rows]
    assert "In force since" in said(desk.live.facts["proposals.recent"])


def test_without_a_red_team_run_that_question_stays_open(tmp_path: Path) -> None:
    profile = demo_profile()
    evidence = Evidence(settings_for(tmp_path), profile.pack)
    evidence.value = lambda ref: None if ref.startswith(REDTEAM) else "something"  # type: ignore[method-assign]
    assert "redteam.result" not in reported_by_files(profile, "councils/avonmere", evidence)

"""The commands for people's rights say what they did, and refuse with what would be right."""

import json
from pathlib import Path

import pytest

from guildhall.bootstrap.rights import open_rights
from guildhall.settings import Settings
from guildhall.storage import keys as key_store
from guildhall.storage.people import CallbackDetails
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId, TurnId
from guildhall.vocabulary.turns import Channel
from tests.cli.deployments import Run, command, deploy


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`guildhall …` over a deployment of its own."""
    deploy(tmp_path, monkeypatch)
    monkeypatch.setattr("guildhall.bootstrap.rights.WAIT_SECONDS", 0)
    return command


def spoken(words: str) -> tuple[str, str]:
    """A conversation with these words and a callback; its id and the reference."""
    rights = open_rights(Settings())
    memory = rights.memory
    conversation, _ = memory.conversations.start(Channel.WEB, "en", memory.clock())
    event = Event(
        EventId("event-1"), EventKind.UTTERANCE_RECEIVED, memory.clock(), conversation.id, TurnId("turn-1"), {}, {"utterance": words}
    )
    memory.record.append([event])
    reference = memory.people.request(conversation.id, "front-desk", "person_requested", "", False, memory.clock())
    memory.people.book(conversation.id, reference, CallbackDetails("Sam", "07700 900123", False), None, memory.clock())
    rights.close()
    return conversation.id, reference


def test_erasing_is_proposed_then_decided_and_leaves_a_certificate(run: Run, tmp_path: Path) -> None:
    conversation, reference = spoken("the words of a test")
    proposed = run("erase", reference).output
    assert "Nothing is erased yet" in proposed and conversation in proposed and "somebody still waits" in proposed
    assert run("erase", reference, "--decide", "erase", code=1).output.startswith("Error: an erasure, or its refusal, needs the name")
    done = run("erase", reference, "--decide", "erase", "--as", "Pat Officer", "--reason", "asked for it").output
    assert "Decided by Pat Officer" in done and "None was found" in done
    assert [p.suffix for p in sorted((tmp_path / "var" / "certificates").iterdir())] == [".json", ".txt"]
    assert "gone already" in run("erase", conversation).output
    assert "No erasure was cut short" in run("erase", "--resume").output


def test_a_refusal_and_an_unknown_reference(run: Run) -> None:
    conversation, _ = spoken("the words of a test")
    assert "refused" in run("erase", conversation, "--decide", "refuse", "--as", "Pat", "--reason", "needed for a claim").output
    assert "nothing here is called NOPE" in run("erase", "NOPE", code=1).output
    assert "name what to erase" in run("erase", code=1).output


def test_holds_are_placed_listed_and_lifted(run: Run) -> None:
    conversation, reference = spoken("the words of a test")
    named = ["--as", "Ade Holder", "--reason", "inquest"]
    hold = run("hold", "place", reference, "--kind", "coroner", *named).output.split()[0]
    assert "Ade Holder" in run("hold", "list").output
    assert "HELD: coroner" in run("erase", conversation).output
    assert "a hold keeps these words" in run("erase", conversation, "--decide", "erase", *named, code=1).output
    run("hold", "lift", hold, *named)
    assert run("hold", "list").output == "Nothing is held.\n"
    assert json.loads(run("hold", "list", "--all", "--json").output)[0]["lifted_by"] == "Ade Holder"
    assert "no hold" in run("hold", "lift", hold, *named, code=1).output
    assert "not both" in run("hold", "place", "--kind", "audit", *named, code=1).output


def test_retention_is_shown_and_run(run: Run) -> None:
    spoken("the words of a test")
    assert "Conversations of residents" in run("retention", "show").output
    assert {row["name"] for row in json.loads(run("retention", "show", "--json").output)} >= {"transcripts", "key-copies"}
    assert "transcripts" in run("retention", "run", "--dry-run").output
    assert "transcripts" in run("retention", "run").output
    assert "Last run: never" not in run("retention", "show").output


def test_a_request_goes_from_its_registration_to_the_answer(run: Run, tmp_path: Path) -> None:
    conversation, reference = spoken("the words of a test")
    named = ["--as", "Pat Officer"]
    made = run("rights", "register", "access", "--text", "what do you hold", "--name", "Sam", *named).output
    request = made.split()[0]
    assert "answer by" in made
    run("rights", "link", request, reference, *named)
    assert "Resident: the words of a test" in run("rights", "transcript", conversation, "--purpose", "the review").output
    for check in ("third_party_review", "serious_harm_review", "safe_delivery_check"):
        assert "none can be left out" in run("rights", "export", request, *named, code=1).output
        run("rights", "step", request, check, "--answer", "safe", *named)
    run("rights", "export", request, *named)
    assert "the words of a test" in (tmp_path / "var" / "exports" / request / "copy.txt").read_text("utf-8")
    shown = run("rights", "show", request).output
    assert "what do you hold" in shown and "Safe-delivery check: safe, Pat Officer" in shown
    run("rights", "step", request, "answered", *named)
    assert run("rights", "list").output == "No request is open.\n"
    assert json.loads(run("rights", "list", "--all", "--json").output)[0]["reference"] == request


def test_an_overdue_request_makes_the_list_fail(run: Run) -> None:
    run("rights", "register", "complaint", "--received-on", "2020-01-01", "--as", "Pat")
    listed = run("rights", "list", code=1).output
    assert "OVERDUE since 30 Jan 2020" in listed and "1 overdue" in listed


def test_whoever_lists_callbacks_is_recorded_by_account_or_by_name(run: Run) -> None:
    spoken("the words of a test")
    run("callbacks", "--as", "Max Desk", "--purpose", "phoning people back")
    run("callbacks")
    rights = open_rights(Settings())
    rows = json.loads(run("callbacks", "--json").output)
    looks = rights.views.looked_at(rows[0]["conversation_id"])
    rights.close()
    assert looks[0].by == "Max Desk" and looks[0].purpose == "phoning people back"
    assert looks[1].by and looks[1].purpose == "answering callbacks"


def test_copies_are_made_rehearsed_and_put_back(run: Run) -> None:
    conversation, _ = spoken("the words of a test")
    main_copy = run("backup", "make", "main").output.splitlines()[0]
    run("backup", "make", "keys")
    run("erase", conversation, "--decide", "erase", "--as", "Pat", "--reason", "asked")
    assert "The drill went well" in run("backup", "drill", "main", main_copy).output
    done = json.loads(run("backup", "restore", "main", main_copy, "--as", "Pat", "--reason", "disk lost", "--json").output)
    assert done["erased_again"] == 2
    assert run("backup", "replay").output.startswith("0 conversations")
    assert key_store.FORGET_SECONDS <= 1

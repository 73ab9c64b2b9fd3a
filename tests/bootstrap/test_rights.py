"""Requests have clocks, copies have checks that nothing skips, and whoever looks is in the record."""

import json
from datetime import UTC, datetime

import pytest

from guildhall.records.requests import Asked, RightsRequest, Step
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.rights import EXPORT_CHECKS, Answer, Looker, RightsKind, RightsStep
from tests.bootstrap.deployment import CANARY, Deployment, bytes_everywhere

PAT = Looker("Pat Officer", "subject access")


def step(deployment: Deployment, request: RightsRequest, what: RightsStep, answer: Answer = Answer.DONE, **more: object) -> RightsRequest:
    taken = Step(what, answer, "Pat Officer", deployment.clock(), **more)  # type: ignore[arg-type]
    return deployment.rights.requests.take(request.reference, taken)


def asked_for(deployment: Deployment, *conversations: str) -> RightsRequest:
    return deployment.rights.requests.register(RightsKind.ACCESS, Asked("please", "Sam", "by post"), conversations)


def test_no_copy_is_made_until_all_three_checks_stand(deployment: Deployment) -> None:
    request = asked_for(deployment, deployment.say(CANARY))
    for check in EXPORT_CHECKS:
        with pytest.raises(RefusedError, match="none can be left out"):
            deployment.rights.access.export(request.reference, PAT)
        step(deployment, request, check, Answer.SAFE)
    assert deployment.rights.access.export(request.reference, PAT).is_dir()


@pytest.mark.parametrize("check", EXPORT_CHECKS)
def test_one_check_that_is_not_safe_blocks_the_copy(deployment: Deployment, check: RightsStep) -> None:
    request = asked_for(deployment, deployment.say(CANARY))
    for other in EXPORT_CHECKS:
        step(deployment, request, other, Answer.NOT_SAFE if other == check else Answer.SAFE)
    with pytest.raises(RefusedError, match="says that it is not safe"):
        deployment.rights.access.export(request.reference, PAT)
    assert bytes_everywhere(deployment.folder, CANARY) == []
    step(deployment, request, check, Answer.SAFE)
    assert deployment.rights.access.export(request.reference, PAT).is_dir()


def test_linking_another_conversation_asks_for_the_checks_again(deployment: Deployment) -> None:
    request = asked_for(deployment, deployment.say(CANARY))
    for check in EXPORT_CHECKS:
        step(deployment, request, check, Answer.SAFE)
    deployment.rights.requests.link(request.reference, [deployment.say("more of mine")], "Pat Officer")
    with pytest.raises(RefusedError, match="since the last conversation"):
        deployment.rights.access.export(request.reference, PAT)


def test_the_copy_has_words_what_was_noticed_rules_policy_and_who_looked(deployment: Deployment) -> None:
    signal = {"category": "bereavement", "grade": "confirm", "strength": 1, "detector": "phrases@1", "span": None}
    decision = {"stage": "on_input", "effect": "offer", "rules": ["care@3#0"], "near": [], "pack": "abc123"}
    conversation = deployment.say(CANARY, signals=[signal], decisions=[decision])
    deployment.callback(conversation, "Sam")
    deployment.rights.views.transcript(Looker("Jo Adviser", "a complaint"), conversation)
    deployment.rights.views.waiting(Looker("Max Desk", "answering callbacks"))
    request = asked_for(deployment, conversation)
    for check in EXPORT_CHECKS:
        step(deployment, request, check, Answer.SAFE)
    folder = deployment.rights.access.export(request.reference, PAT)
    copy = json.loads((folder / "copy.json").read_text("utf-8"))
    (one,) = copy["conversations"]
    assert one["turns"][0]["you_said"] == CANARY
    assert one["turns"][0]["noticed"][0]["what"] == "bereavement"
    assert (one["turns"][0]["rules"], one["turns"][0]["policy_pack"]) == (["care@3#0"], "abc123")
    assert one["callbacks"][0]["phone"] == "07700 900123"
    assert [look["by"] for look in one["who_looked"]] == ["Jo Adviser", "Max Desk", "Pat Officer"]
    text = (folder / "copy.txt").read_text("utf-8")
    assert CANARY in text and "Jo Adviser: transcript (a complaint)" in text
    assert (folder / "copy.json").stat().st_mode & 0o077 == 0
    assert deployment.rights.requests.get(request.reference).steps[-1].step == RightsStep.EXPORTED


def test_withheld_turns_and_what_was_said_after_the_review_are_not_in_the_copy(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    (turn,) = deployment.conversations.transcript(conversation)
    request = asked_for(deployment, conversation)
    step(deployment, request, RightsStep.THIRD_PARTY_REVIEW, Answer.SAFE, withheld=(turn.id,), note="about a neighbour")
    for check in EXPORT_CHECKS[1:]:
        step(deployment, request, check, Answer.SAFE)
    deployment.clock.move(hours=1)
    deployment.say("said later", conversation)
    folder = deployment.rights.access.export(request.reference, PAT)
    everything = (folder / "copy.json").read_text("utf-8")
    assert CANARY not in everything and "said later" not in everything
    assert "Withheld: the third-party review" in everything


def test_the_copy_goes_with_the_words(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    request = asked_for(deployment, conversation)
    for check in EXPORT_CHECKS:
        step(deployment, request, check, Answer.SAFE)
    folder = deployment.rights.access.export(request.reference, PAT)
    assert deployment.erase(conversation).clean
    assert not folder.exists()
    assert bytes_everywhere(deployment.folder, CANARY) == []


def test_a_request_of_another_kind_has_no_copy(deployment: Deployment) -> None:
    request = deployment.rights.requests.register(RightsKind.COMPLAINT, Asked("no"), [deployment.say(CANARY)])
    with pytest.raises(RefusedError, match="asks for complaint, not for access"):
        deployment.rights.access.export(request.reference, PAT)


@pytest.mark.parametrize(
    ("what", "answer", "message"),
    [
        (RightsStep.SAFE_DELIVERY_CHECK, Answer.DONE, "needs an answer"),
        (RightsStep.ACKNOWLEDGED, Answer.SAFE, "has no answer"),
        (RightsStep.EXPORTED, Answer.DONE, "guildhall rights export"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(deployment: Deployment, what: RightsStep, answer: Answer, message: str) -> None:
    request = asked_for(deployment, deployment.say(CANARY))
    with pytest.raises(RefusedError, match=message):
        step(deployment, request, what, answer)


def test_a_check_without_a_name_does_not_count(deployment: Deployment) -> None:
    request = asked_for(deployment, deployment.say(CANARY))
    with pytest.raises(RefusedError, match="needs the name"):
        deployment.rights.requests.take(request.reference, Step(EXPORT_CHECKS[0], Answer.SAFE, " ", deployment.clock()))


def test_an_answered_request_takes_no_more_steps(deployment: Deployment) -> None:
    request = step(deployment, asked_for(deployment), RightsStep.ANSWERED)
    with pytest.raises(RefusedError, match="register a new request"):
        step(deployment, request, RightsStep.ACKNOWLEDGED)
    assert deployment.rights.requests.all() == ()
    assert len(deployment.rights.requests.all(closed=True)) == 1


def test_an_unknown_request_and_one_from_the_future_are_refused(deployment: Deployment) -> None:
    with pytest.raises(NotFoundError, match="guildhall rights list"):
        deployment.rights.requests.get("R-NONE")
    with pytest.raises(RefusedError, match="in the future"):
        deployment.rights.requests.register(RightsKind.ACCESS, Asked("x"), received_at=datetime(2030, 1, 1, tzinfo=UTC))


def test_the_words_of_a_request_are_sealed_and_looking_is_recorded(deployment: Deployment) -> None:
    request = deployment.rights.requests.register(RightsKind.COMPLAINT, Asked(CANARY, "Sam", "sam@example.org", "web"))
    assert bytes_everywhere(deployment.folder, CANARY) == bytes_everywhere(deployment.folder, "sam@example.org") == []
    assert deployment.rights.views.request_words(Looker("Jo", "answering"), request, deployment.rights.requests).text == CANARY
    (read,) = deployment.events(EventKind.PERSONAL_DATA_READ)
    assert (read["by"], read["purpose"], read["conversation"]) == ("Jo", "answering", request.id)


def test_nothing_is_shown_that_the_record_does_not_know_of(deployment: Deployment) -> None:
    conversation = deployment.say(CANARY)
    with pytest.raises(RefusedError, match="a name and a purpose"):
        deployment.rights.views.transcript(Looker("Jo", " "), conversation)

    class Full:
        def append(self, events: object) -> None:
            raise OSError("disk full")

    deployment.rights.views._record = Full()
    with pytest.raises(OSError, match="disk full"):
        deployment.rights.views.transcript(Looker("Jo", "a complaint"), conversation)


def test_a_list_without_names_is_no_read(deployment: Deployment) -> None:
    deployment.people.request(deployment.say("x"), "front-desk", "person_requested", "", False, deployment.clock())  # type: ignore[arg-type]
    assert len(deployment.rights.views.waiting(Looker("Jo", "desk"))) == 1
    assert deployment.events(EventKind.PERSONAL_DATA_READ) == []

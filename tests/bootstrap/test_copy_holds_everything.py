"""A copy for a person holds all that the desk has of them, line by line, once the three checks have looked at it; danger stays out until released."""

import json
from typing import Any

import pytest

from guildhall.records.held_lines import TOLD_ELSEWHERE, Line, Recorded, lines_of
from guildhall.records.requests import Asked, RightsRequest, Step
from guildhall.records.subject_access import HeldOf
from guildhall.storage.messages import MessageStore
from guildhall.storage.needs import NeedsStore
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.rights import EXPORT_CHECKS, Answer, Looker, RightsKind, RightsStep
from tests.bootstrap.deployment import Deployment, bytes_everywhere
from tests.bootstrap.planting import ADDRESS, PLACES, WORD, Planted, mark, plant, turn_of

PAT = Looker("Pat Officer", "subject access")
HELD_BACK = ("evidence", "safeguarding")
WITH_IT = {"message": {"message", "original"}, "original": {"message", "original"}, "comment": {"comment", "action"}}
"""What is withheld together: both texts of a message, and what staff did about a comment with the comment."""


def copied(deployment: Deployment, conversation: str, withhold: tuple[str, ...] = (), release: tuple[str, ...] = ()) -> tuple[Any, str]:
    """The copy of one conversation as data and as text, after the three checks."""
    request = deployment.rights.requests.register(RightsKind.ACCESS, Asked("please"), [conversation])
    for check in EXPORT_CHECKS:
        let = release if check == RightsStep.SERIOUS_HARM_REVIEW else ()
        said = withhold if check == RightsStep.THIRD_PARTY_REVIEW else ()
        take(deployment, request, Step(check, Answer.SAFE, "Pat Officer", deployment.clock(), withheld=said, released=let))
    folder = deployment.rights.access.export(request.reference, PAT)
    (one,) = json.loads((folder / "copy.json").read_text("utf-8"))["conversations"]
    return one, (folder / "copy.txt").read_text("utf-8")


def take(deployment: Deployment, request: RightsRequest, step: Step) -> RightsRequest:
    return deployment.rights.requests.take(request.reference, step)


def review(deployment: Deployment, planted: Planted) -> HeldOf:
    return deployment.rights.access.review(PAT, planted.conversation)


def line_with(deployment: Deployment, planted: Planted, place: str) -> Line:
    return next(line for line in review(deployment, planted).lines if mark(place) in line.text)


def test_every_place_is_in_the_copy_with_its_date_but_what_would_tell_of_danger(deployment: Deployment) -> None:
    planted = plant(deployment)
    one, text = copied(deployment, planted.conversation)
    for place in PLACES:
        assert (mark(place) in text) == (place not in HELD_BACK), place
        assert (mark(place) in json.dumps(one, ensure_ascii=False)) == (place not in HELD_BACK), place
    assert ADDRESS in text
    assert all(line["at"] for line in one["also_held"])
    assert one["labels"] == ["council-tax"]
    told = [line["what"] for line in one["also_held"]]
    for what in ("You agreed that staff may know", "You asked for a summary by email", "You said how satisfied you were: satisfied",
                 "You agreed to be recognised", "A message to you by email: sent", "A message to you by email: waiting",
                 "Your question was counted", "Handoff closed"):  # fmt: skip
        assert any(what in each for each in told), what
    assert any("service: bulky-waste" in each for each in told)
    assert "Large" not in text or "Needs large print" in text
    assert "is not kept, so there is none to copy" in text
    planted.after.close()


def test_notes_are_marked_as_written_by_staff_and_say_by_whom(deployment: Deployment) -> None:
    planted = plant(deployment)
    deployment.rights.views.note(Looker("staff_jo", "answering"), "conversation at the desk", [planted.conversation])
    one, text = copied(deployment, planted.conversation)
    assert "Jo Colleague: conversation at the desk (answering)" in text
    (note,) = [line for line in one["also_held"] if line["text"] == mark("note")]
    assert (note["staff_note"], note["by"]) == (True, "Pat Adviser")
    assert "for Jo Colleague to see" in note["what"]
    assert "[Staff note] Private note of staff" in text
    assert "staff_pat" not in text and "staff_jo" not in text.replace("unsent:staff_jo", "")
    planted.after.close()


def test_nothing_tells_of_a_safeguarding_record_until_it_is_released(deployment: Deployment) -> None:
    planted = plant(deployment)
    deployment.rights.views.note(Looker("Ann Lead", "safeguarding"), "the safeguarding record", [planted.conversation])
    one, text = copied(deployment, planted.conversation)
    for telling in ("safeguarding", "domestic", "danger", planted.danger, "duty", "distress"):
        assert telling not in text.casefold().replace(planted.danger.casefold(), planted.danger), telling
    assert "Ann Lead" not in text
    assert planted.reference in [row["reference"] for row in one["callbacks"]]
    planted.after.close()


def test_what_the_serious_harm_review_releases_is_told(deployment: Deployment) -> None:
    planted = plant(deployment)
    note = line_with(deployment, planted, "safeguarding")
    assert note.held_back
    _, text = copied(deployment, planted.conversation, release=(note.id,))
    assert mark("safeguarding") in text and mark("evidence") not in text
    planted.after.close()


def test_only_the_serious_harm_review_releases(deployment: Deployment) -> None:
    request = deployment.rights.requests.register(RightsKind.ACCESS, Asked("please"), [deployment.say("hello")])
    with pytest.raises(RefusedError, match="only the serious-harm review"):
        take(deployment, request, Step(RightsStep.THIRD_PARTY_REVIEW, Answer.SAFE, "Pat", deployment.clock(), released=("x",)))


def test_each_is_withheld_by_its_id_and_nothing_else_with_it(deployment: Deployment) -> None:
    planted = plant(deployment)
    lines = review(deployment, planted).lines
    for place in (place for place in PLACES if place not in ("said", "callback", *HELD_BACK)):
        (line,) = [line for line in lines if mark(place) in line.text]
        _, text = copied(deployment, planted.conversation, withhold=(line.id,))
        assert mark(place) not in text, place
        assert "Withheld: the third-party review" in text
        together = WITH_IT.get(place, {place})
        assert all(mark(other) in text for other in PLACES if other not in {*together, *HELD_BACK}), place
    planted.after.close()


def test_one_line_of_a_note_is_withheld_and_the_others_stay(deployment: Deployment) -> None:
    planted = plant(deployment)
    messages = MessageStore(deployment.database, deployment.keys, lambda kind: f"{kind}_x")
    messages.note(planted.conversation, "staff_pat", "mess_three", "her rent\nher neighbour drinks\nher bin", [], deployment.clock())
    _, text = copied(deployment, planted.conversation, withhold=("mess_three:2",))
    assert "her rent" in text and "her bin" in text and "neighbour" not in text
    assert deployment.rights.access.unknown(["mess_three:2", "mess_three", "mess_none"], [planted.conversation]) == ("mess_none",)
    planted.after.close()


def test_withholding_a_turn_withholds_what_was_made_of_it(deployment: Deployment) -> None:
    planted = plant(deployment)
    _, text = copied(deployment, planted.conversation, withhold=(turn_of(deployment, planted.conversation),))
    for place in ("said", "drafted", "edited", "translation"):
        assert mark(place) not in text, place
    assert mark("note") in text
    planted.after.close()


def test_what_came_after_the_checks_is_not_in_the_copy(deployment: Deployment) -> None:
    conversation = deployment.say("hello")
    request = deployment.rights.requests.register(RightsKind.ACCESS, Asked("please"), [conversation])
    for check in EXPORT_CHECKS:
        take(deployment, request, Step(check, Answer.SAFE, "Pat Officer", deployment.clock()))
    deployment.clock.move(hours=1)
    messages = MessageStore(deployment.database, deployment.keys, lambda kind: f"{kind}_late")
    messages.note(conversation, "staff_pat", "mess_late", "written late", [], deployment.clock())
    deployment.callback(conversation, "Late Name")
    everything = (deployment.rights.access.export(request.reference, PAT) / "copy.txt").read_text("utf-8")
    assert "hello" in everything and "written late" not in everything and "Late Name" not in everything


def test_consent_taken_back_is_told_beside_what_was_given(deployment: Deployment) -> None:
    planted = plant(deployment)
    NeedsStore(deployment.database, deployment.keys, lambda kind: f"{kind}_back").withdraw(planted.conversation, deployment.clock())
    _, text = copied(deployment, planted.conversation)
    assert "You took back how you want to be talked with" in text and mark("needs") in text
    planted.after.close()


def test_whoever_reviews_is_recorded_first_and_sees_every_place(deployment: Deployment) -> None:
    planted = plant(deployment)
    held = review(deployment, planted)
    shown = "\n".join([*(line.text for line in held.lines), *(turn.utterance for turn in held.turns), str(held.callbacks)])
    assert all(mark(place) in shown for place in PLACES)
    assert deployment.events(EventKind.PERSONAL_DATA_READ)[-1]["what"] == "everything held, for the checks before a copy"
    planted.after.close()


def test_the_copy_of_everything_goes_with_the_words(deployment: Deployment) -> None:
    planted = plant(deployment)
    copied(deployment, planted.conversation)
    assert deployment.erase(planted.conversation).clean
    assert bytes_everywhere(deployment.folder, WORD) == []
    one, text = copied(deployment, planted.conversation)
    assert WORD not in text and one["also_held"]
    planted.after.close()


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind not in TOLD_ELSEWHERE])
def test_no_kind_of_event_is_left_out_even_one_that_nobody_thought_of(kind: EventKind, deployment: Deployment) -> None:
    facts = {"status": "approved", "consent": True, "agreed": True, "by": "staff_pat"}
    words = {"text": "these words", "other": "these words", "contact": "these words", "comment": "these words", "question": "these words"}
    words |= {"parts": [{"text": "these words"}]}  # type: ignore[dict-item]
    (line,) = lines_of([Recorded("event_1", kind, deployment.clock(), "", facts, words)], {"staff_pat": "Pat"}, ())
    assert line.what and line.by == "Pat"
    assert "these words" in line.text or kind == EventKind.CONTACT_RECOGNISED

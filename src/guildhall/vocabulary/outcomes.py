"""The closed set of ways a turn can end, each with a label and a sentence a person can read."""

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    ASKED_BACK = "asked_back"
    HANDED_OVER = "handed_over"
    TASK_STARTED = "task_started"
    DECLINED = "declined"
    FAIL_SAFE = "fail_safe"


class Reason(StrEnum):
    """Why it ended so."""

    EVIDENCE_FOUND = "evidence_found"
    LOOKUP_FOUND = "lookup_found"
    SMALL_TALK = "small_talk"
    PART_UNANSWERED = "part_unanswered"
    SERVICE_UNCLEAR = "service_unclear"
    PLACE_NEEDED = "place_needed"
    PERSON_REQUESTED = "person_requested"
    DISTRESS = "distress"
    HAZARD = "hazard"
    RULE = "rule"
    NO_EVIDENCE = "no_evidence"
    TWO_FAILED_TURNS = "two_failed_turns"
    LANGUAGE_NOT_OFFERED = "language_not_offered"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER_BODY = "other_body"
    ATTACK = "attack"
    NOTHING_SAID = "nothing_said"
    UNREADABLE = "unreadable"
    DETECTOR_FAILED = "detector_failed"
    UNEXPECTED_FAILURE = "unexpected_failure"
    NOT_THE_OWNER = "not_the_owner"
    SWITCHED_OFF = "switched_off"
    BEING_CHECKED = "being_checked"
    NOBODY_TO_CHECK = "nobody_to_check"
    NO_APPROVED_TEXT = "no_approved_text"
    DRAFT_REJECTED = "draft_rejected"
    NOT_CHECKED_IN_TIME = "not_checked_in_time"
    CHASED = "chased"


class Person(StrEnum):
    """Whether a person was part of the reply."""

    NONE = "none"
    OFFERED = "offered"
    BROUGHT = "brought"


OUTCOME_LABELS: Final[dict[Outcome, tuple[str, str]]] = {
    Outcome.ANSWERED: ("Answered", "Every part of what was asked was answered from the council's content."),
    Outcome.PARTLY_ANSWERED: ("Partly answered", "Some parts were answered; the others were owned up to."),
    Outcome.ASKED_BACK: ("Asked back", "One clarifying question was asked."),
    Outcome.HANDED_OVER: ("Handed over", "A person was brought in."),
    Outcome.TASK_STARTED: ("Task started", "A task was started for the resident."),
    Outcome.DECLINED: ("Declined", "The request is not one the council's assistant may or can deal with."),
    Outcome.FAIL_SAFE: ("Failed safe", "Something went wrong inside; the resident was given the human route."),
}

REASON_LABELS: Final[dict[Reason, tuple[str, str]]] = {
    Reason.EVIDENCE_FOUND: ("Evidence found", "Passages of the council's content support the reply."),
    Reason.LOOKUP_FOUND: ("Looked up", "The council's place data gave the answer."),
    Reason.SMALL_TALK: ("Small talk", "A greeting or thanks, with nothing asked."),
    Reason.PART_UNANSWERED: ("Part unanswered", "At least one part found no evidence."),
    Reason.SERVICE_UNCLEAR: ("Service unclear", "More than one service could be meant."),
    Reason.PLACE_NEEDED: ("Place needed", "The answer depends on where the resident lives."),
    Reason.PERSON_REQUESTED: ("Person requested", "The resident asked for a person."),
    Reason.DISTRESS: ("Distress", "Signs of distress, vulnerability or danger were found."),
    Reason.HAZARD: ("Hazard", "Signs of an immediate physical hazard were found."),
    Reason.RULE: ("Rule", "A policy rule asked for this."),
    Reason.NO_EVIDENCE: ("No evidence", "Nothing in the council's content supports an answer."),
    Reason.TWO_FAILED_TURNS: ("Two failed turns", "Two turns in a row did not help, so a person was brought in."),
    Reason.LANGUAGE_NOT_OFFERED: ("Language not offered", "The resident's language is not one we can answer in."),
    Reason.OUT_OF_SCOPE: ("Out of scope", "The request is not council business."),
    Reason.OTHER_BODY: ("Another body", "Another public body deals with this."),
    Reason.ATTACK: ("Attack", "The words tried to change what the assistant may do, or to get other people's data."),
    Reason.NOTHING_SAID: ("Nothing said", "The utterance was empty."),
    Reason.UNREADABLE: ("Unreadable", "The utterance could not be read as words."),
    Reason.DETECTOR_FAILED: ("Detector failed", "A safety detector failed, so a person was offered or brought in."),
    Reason.UNEXPECTED_FAILURE: ("Unexpected failure", "An unexpected failure was caught by the turn runner."),
    Reason.NOT_THE_OWNER: ("Not the owner", "A person owns the conversation, so the assistant stayed silent."),
    Reason.SWITCHED_OFF: (
        "Switched off",
        "Somebody had switched automatic answers to this off, so the resident was given the human route.",
    ),
    Reason.BEING_CHECKED: ("Being checked", "An answer was drafted, and an adviser checks it before the resident reads it."),
    Reason.NOBODY_TO_CHECK: (
        "Nobody to check",
        "An adviser has to approve answers about this and nobody who may was there, so a person was brought in.",
    ),
    Reason.NO_APPROVED_TEXT: (
        "No approved text",
        "Only approved text may be said about this and there is none, so a person was brought in.",
    ),
    Reason.DRAFT_REJECTED: ("Draft rejected", "An adviser did not approve the drafted answer, so a person was brought in."),
    Reason.NOT_CHECKED_IN_TIME: ("Not checked in time", "Nobody checked the drafted answer in time, so a person was brought in."),
    Reason.CHASED: ("Chased", "The resident had asked about this before and it was still not sorted, so a person was offered at once."),
}

"""What happened, in the past tense: the append-only record is a sequence of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from guildhall.vocabulary.ids import ConversationId, EventId, TurnId


class EventKind(StrEnum):
    """The codes of the record."""

    CONVERSATION_STARTED = "ConversationStarted"
    UTTERANCE_RECEIVED = "UtteranceReceived"
    REPLY_PART_PREPARED = "ReplyPartPrepared"
    TURN_COMPLETED = "TurnCompleted"
    HANDOFF_REQUESTED = "HandoffRequested"
    CALLBACK_BOOKED = "CallbackBooked"
    FEEDBACK_GIVEN = "FeedbackGiven"
    OWNER_CHANGED = "OwnerChanged"
    HANDOFF_OFFERED = "HandoffOffered"
    HANDOFF_ACCEPTED = "HandoffAccepted"
    HANDOFF_PASSED_BACK = "HandoffPassedBack"
    HANDOFF_RAISED = "HandoffRaised"
    HANDOFF_TRANSFERRED = "HandoffTransferred"
    HANDOFF_SNOOZED = "HandoffSnoozed"
    HANDOFF_BREACHED = "HandoffBreached"
    HANDOFF_CLOSED = "HandoffClosed"
    HANDOFF_WITHDRAWN = "HandoffWithdrawn"
    MESSAGE_SENT = "MessageSent"
    NOTE_WRITTEN = "NoteWritten"
    CONVERSATION_LABELLED = "ConversationLabelled"
    ADVISER_STATUS_CHANGED = "AdviserStatusChanged"
    ADVISER_CHANGED = "AdviserChanged"
    KNOWLEDGE_CHANGED = "KnowledgeChanged"
    RULE_CHANGE_PROPOSED = "RuleChangeProposed"
    RULE_CHANGE_TESTED = "RuleChangeTested"
    RULE_CHANGE_REPLAYED = "RuleChangeReplayed"
    RULE_CHANGE_SIGNED = "RuleChangeSigned"
    RULE_CHANGE_REFUSED = "RuleChangeRefused"
    PACK_ACTIVATED = "PackActivated"
    PACK_ROLLED_BACK = "PackRolledBack"
    EMERGENCY_TIGHTENED = "EmergencyTightened"
    EMERGENCY_LAPSED = "EmergencyLapsed"
    SWITCH_TURNED = "SwitchTurned"
    SWITCH_DRILLED = "SwitchDrilled"
    CHECKPOINT_SIGNED = "CheckpointSigned"
    CHECKPOINT_WITNESSED = "CheckpointWitnessed"
    RECORD_RECONCILED = "RecordReconciled"
    WORDS_ERASED = "WordsErased"
    HOLD_PLACED = "HoldPlaced"
    HOLD_LIFTED = "HoldLifted"
    RETENTION_RUN = "RetentionRun"
    RIGHTS_REQUEST_RECEIVED = "RightsRequestReceived"
    RIGHTS_REQUEST_STEPPED = "RightsRequestStepped"
    PERSONAL_DATA_READ = "PersonalDataRead"
    PERSONAL_DATA_EXPORTED = "PersonalDataExported"
    BACKUP_MADE = "BackupMade"
    BACKUP_RESTORED = "BackupRestored"
    FAIRNESS_PROBED = "FairnessProbed"
    WAIVER_SIGNED = "WaiverSigned"
    PAPER_DRAFTED = "PaperDrafted"
    STAFF_SIGNED_IN = "StaffSignedIn"
    ROLE_CHANGED = "RoleChanged"
    STAFF_SIGNED_OUT = "StaffSignedOut"
    SIGN_IN_REFUSED = "SignInRefused"
    MISS_RECORDED = "MissRecorded"
    MISS_CLOSED = "MissClosed"
    DRAFT_QUEUED = "DraftQueued"
    DRAFT_DECIDED = "DraftDecided"
    SUPERVISION_CHANGED = "SupervisionChanged"
    REQUEST_FAILED = "RequestFailed"


EVENT_LABELS: Final[dict[EventKind, tuple[str, str]]] = {
    EventKind.CONVERSATION_STARTED: ("Conversation started", "A resident opened a conversation."),
    EventKind.UTTERANCE_RECEIVED: ("Utterance received", "The resident's words arrived."),
    EventKind.REPLY_PART_PREPARED: ("Reply part prepared", "A checked part of the reply was ready to show."),
    EventKind.TURN_COMPLETED: ("Turn completed", "The turn ended with an outcome."),
    EventKind.HANDOFF_REQUESTED: ("Handoff requested", "A person was asked to take over."),
    EventKind.CALLBACK_BOOKED: ("Callback booked", "The resident booked a callback."),
    EventKind.FEEDBACK_GIVEN: ("Feedback given", "The resident said whether the reply helped."),
    EventKind.OWNER_CHANGED: ("Owner changed", "The conversation passed to another party."),
    EventKind.HANDOFF_OFFERED: ("Handoff offered", "An adviser was asked to take a conversation."),
    EventKind.HANDOFF_ACCEPTED: ("Handoff accepted", "An adviser took a conversation."),
    EventKind.HANDOFF_PASSED_BACK: ("Handoff passed back", "A conversation went back to a queue, with its place kept."),
    EventKind.HANDOFF_RAISED: ("Handoff raised", "Somebody who waits or talks with an adviser became more urgent."),
    EventKind.HANDOFF_TRANSFERRED: ("Handoff transferred", "An adviser passed a conversation to another team or person."),
    EventKind.HANDOFF_SNOOZED: ("Handoff snoozed", "An adviser put a conversation aside until later, or took it up again."),
    EventKind.HANDOFF_BREACHED: ("Handoff breached", "A promise about waiting was not kept, and the next route was taken."),
    EventKind.HANDOFF_CLOSED: ("Handoff closed", "An adviser wrapped a conversation up."),
    EventKind.HANDOFF_WITHDRAWN: ("Handoff withdrawn", "The resident went on without a person, or ended the conversation."),
    EventKind.MESSAGE_SENT: ("Message sent", "An adviser wrote to the resident."),
    EventKind.NOTE_WRITTEN: ("Note written", "A member of staff wrote a private note."),
    EventKind.CONVERSATION_LABELLED: ("Conversation labelled", "A member of staff changed the labels or the service of a conversation."),
    EventKind.ADVISER_STATUS_CHANGED: ("Adviser status changed", "An adviser came, went, or changed what they take."),
    EventKind.ADVISER_CHANGED: ("Adviser changed", "Somebody changed which queues and languages an adviser serves."),
    EventKind.KNOWLEDGE_CHANGED: ("Knowledge changed", "Council content was added, changed or removed."),
    EventKind.RULE_CHANGE_PROPOSED: ("Rule change proposed", "Somebody proposed other rules."),
    EventKind.RULE_CHANGE_TESTED: ("Rule change tested", "A gate looked at a proposed change and passed or refused it."),
    EventKind.RULE_CHANGE_REPLAYED: ("Rule change replayed", "Past decisions were judged again by proposed rules."),
    EventKind.RULE_CHANGE_SIGNED: ("Rule change signed", "A named person signed a proposed change and its reports."),
    EventKind.RULE_CHANGE_REFUSED: ("Rule change refused", "A proposed change was refused or withdrawn."),
    EventKind.PACK_ACTIVATED: ("Pack activated", "Rules came into force, for all conversations or a share of them."),
    EventKind.PACK_ROLLED_BACK: ("Pack rolled back", "Rules went out of force again, by a limit or by a person."),
    EventKind.EMERGENCY_TIGHTENED: ("Emergency tightening", "One person put a more protective rule in force at once."),
    EventKind.EMERGENCY_LAPSED: ("Emergency lapsed", "An emergency rule was not ratified in time and ended."),
    EventKind.SWITCH_TURNED: ("Switch turned", "Something was switched off or on again, with a reason."),
    EventKind.SWITCH_DRILLED: ("Switch drilled", "A kill switch was tried out and timed."),
    EventKind.CHECKPOINT_SIGNED: ("Checkpoint signed", "The record's size and root were signed."),
    EventKind.CHECKPOINT_WITNESSED: ("Checkpoint witnessed", "An outside witness cosigned the record's size and root."),
    EventKind.RECORD_RECONCILED: ("Record reconciled", "The record was compared with what else knows what happened."),
    EventKind.WORDS_ERASED: ("Words erased", "What somebody said was deleted and its keys destroyed."),
    EventKind.HOLD_PLACED: ("Hold placed", "Words are kept past their time, for a reason."),
    EventKind.HOLD_LIFTED: ("Hold lifted", "A hold ended, and the schedule counts again."),
    EventKind.RETENTION_RUN: ("Retention run", "What was past its time was looked for and erased."),
    EventKind.RIGHTS_REQUEST_RECEIVED: ("Rights request received", "Somebody asked for their data, for erasure, or complained."),
    EventKind.RIGHTS_REQUEST_STEPPED: ("Rights request stepped", "A step of a rights request was taken."),
    EventKind.PERSONAL_DATA_READ: ("Personal data read", "A member of staff looked at what somebody said."),
    EventKind.PERSONAL_DATA_EXPORTED: ("Personal data exported", "Somebody's data left the system, for a stated purpose."),
    EventKind.BACKUP_MADE: ("Backup made", "A copy of the database or of the keys was made."),
    EventKind.BACKUP_RESTORED: ("Backup restored", "A copy was put back, and erasures since then were done again."),
    EventKind.FAIRNESS_PROBED: ("Fairness probed", "The same question was asked in many ways and the answers compared."),
    EventKind.WAIVER_SIGNED: ("Waiver signed", "A breach was accepted by a named person until a date."),
    EventKind.PAPER_DRAFTED: ("Paper drafted", "An assurance paper was drafted from the running system."),
    EventKind.STAFF_SIGNED_IN: ("Staff signed in", "A member of staff signed in."),
    EventKind.ROLE_CHANGED: ("Role changed", "What a member of staff may do was changed."),
    EventKind.STAFF_SIGNED_OUT: ("Staff signed out", "A member of staff signed out, or was signed out."),
    EventKind.SIGN_IN_REFUSED: ("Sign-in refused", "Somebody tried to sign in as staff and was refused."),
    EventKind.MISS_RECORDED: ("Miss recorded", "Something the service should have done was found later."),
    EventKind.MISS_CLOSED: ("Miss closed", "A miss was looked into and what was learned was written down."),
    EventKind.DRAFT_QUEUED: ("Draft queued", "A drafted answer was put before an adviser, and the resident was told so."),
    EventKind.DRAFT_DECIDED: ("Draft decided", "A drafted answer was approved, edited or rejected, or nobody checked it in time."),
    EventKind.SUPERVISION_CHANGED: ("Supervision changed", "How freely a topic may be answered was changed, or a change was proposed."),
    EventKind.REQUEST_FAILED: (
        "Request failed",
        "A page or the API failed before a turn could run; whoever asked was given the human route.",
    ),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `facts` is plain JSON and holds no words of the resident and no personal data. `words` is what was said, which is
    stored encrypted and apart, so that it can be erased while the record stays.
    """

    id: EventId
    kind: EventKind
    at: datetime
    conversation_id: ConversationId | None = None
    turn_id: TurnId | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Any] = field(default_factory=dict)

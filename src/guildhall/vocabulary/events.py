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
    SATISFACTION_GIVEN = "SatisfactionGiven"
    NEEDS_GIVEN = "NeedsGiven"
    FOLLOW_UP_ASKED = "FollowUpAsked"
    OWNER_CHANGED = "OwnerChanged"
    HANDOFF_OFFERED = "HandoffOffered"
    HANDOFF_ACCEPTED = "HandoffAccepted"
    HANDOFF_PASSED_BACK = "HandoffPassedBack"
    HANDOFF_RAISED = "HandoffRaised"
    HANDOFF_TRANSFERRED = "HandoffTransferred"
    HANDOFF_SNOOZED = "HandoffSnoozed"
    HANDOFF_BREACHED = "HandoffBreached"
    HANDOFF_GIVEN_UP = "HandoffGivenUp"
    HANDOFF_CLOSED = "HandoffClosed"
    HANDOFF_WITHDRAWN = "HandoffWithdrawn"
    NOTICE_GIVEN = "NoticeGiven"
    MESSAGE_SENT = "MessageSent"
    NOTE_WRITTEN = "NoteWritten"
    WORDS_TRANSLATED = "WordsTranslated"
    CONVERSATION_LABELLED = "ConversationLabelled"
    HANDOFF_REOPENED = "HandoffReopened"
    SUPERVISOR_LOOKED = "SupervisorLooked"
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
    GAP_FOUND = "GapFound"
    GAP_CHANGED = "GapChanged"
    GAP_RERUN = "GapRerun"
    PHRASE_PROPOSED = "PhraseProposed"
    PHRASE_RELEASED = "PhraseReleased"
    PHRASE_REFUSED = "PhraseRefused"
    PHRASE_WITHDRAWN = "PhraseWithdrawn"
    DRAFT_QUEUED = "DraftQueued"
    DRAFT_DECIDED = "DraftDecided"
    SUPERVISION_CHANGED = "SupervisionChanged"
    REQUEST_FAILED = "RequestFailed"
    NOTIFICATION_QUEUED = "NotificationQueued"
    NOTIFICATION_SENT = "NotificationSent"
    NOTIFICATION_FAILED = "NotificationFailed"
    NOTIFICATION_WITHHELD = "NotificationWithheld"
    FOLLOW_UP_WRITTEN = "FollowUpWritten"
    SAFEGUARDING_RAISED = "SafeguardingRaised"
    SAFEGUARDING_ALERTED = "SafeguardingAlerted"
    SAFEGUARDING_ESCALATED = "SafeguardingEscalated"
    SAFEGUARDING_ACKNOWLEDGED = "SafeguardingAcknowledged"
    SAFEGUARDING_CLOSED = "SafeguardingClosed"
    CONTACT_RECOGNISED = "ContactRecognised"
    RECONTACT_KNOWN = "RecontactKnown"
    COMMENT_READ = "CommentRead"
    CALL_BEGAN = "CallBegan"
    CALL_NOTED = "CallNoted"
    REPLY_HEARD = "ReplyHeard"
    CALL_RUNG = "CallRung"
    CALL_BRIDGED = "CallBridged"
    CALL_NOT_BRIDGED = "CallNotBridged"
    CALL_ENDED = "CallEnded"
    FIGURE_PUBLISHED = "FigurePublished"
    FIGURE_SUPERSEDED = "FigureSuperseded"
    BASELINE_FROZEN = "BaselineFrozen"
    BENEFIT_CHANGED = "BenefitChanged"
    BENEFIT_CLAIMED = "BenefitClaimed"
    CLAIM_REVERSED = "ClaimReversed"
    BENEFIT_SIGNED = "BenefitSigned"
    WORKSHOP_RECORDED = "WorkshopRecorded"
    OPPORTUNITY_CHANGED = "OpportunityChanged"
    OPPORTUNITIES_MERGED = "OpportunitiesMerged"
    OPPORTUNITY_SCORED = "OpportunityScored"
    PORTFOLIO_RUN = "PortfolioRun"
    PORTFOLIO_CHOSEN = "PortfolioChosen"
    AUDIT_DRAWN = "AuditDrawn"
    AUDIT_WITHDRAWN = "AuditWithdrawn"
    AUDIT_CLOSED = "AuditClosed"
    AUDIT_MARKED = "AuditMarked"
    AUDIT_COUNTED = "AuditCounted"
    TRIAL_APPROVED = "TrialApproved"
    TRIAL_STARTED = "TrialStarted"
    TRIAL_STOPPED = "TrialStopped"
    TRIAL_JOINED = "TrialJoined"
    TRIAL_LEFT = "TrialLeft"
    EVALUATION_KEPT = "EvaluationKept"
    EVALUATION_SUPERSEDED = "EvaluationSuperseded"
    DOCUMENT_KEPT = "DocumentKept"
    DOCUMENT_WITHDRAWN = "DocumentWithdrawn"


EVENT_LABELS: Final[dict[EventKind, tuple[str, str]]] = {
    EventKind.CONVERSATION_STARTED: ("Conversation started", "A resident opened a conversation."),
    EventKind.UTTERANCE_RECEIVED: ("Utterance received", "The resident's words arrived."),
    EventKind.REPLY_PART_PREPARED: ("Reply part prepared", "A checked part of the reply was ready to show."),
    EventKind.TURN_COMPLETED: ("Turn completed", "The turn ended with an outcome."),
    EventKind.HANDOFF_REQUESTED: ("Handoff requested", "A person was asked to take over."),
    EventKind.CALLBACK_BOOKED: ("Callback booked", "The resident booked a callback."),
    EventKind.FEEDBACK_GIVEN: ("Feedback given", "The resident said whether the reply helped."),
    EventKind.SATISFACTION_GIVEN: ("Satisfaction given", "The resident said how satisfied they were, after a conversation ended."),
    EventKind.NEEDS_GIVEN: ("Needs given", "The resident agreed that staff may know how to talk with them, or took that back."),
    EventKind.FOLLOW_UP_ASKED: ("Follow-up asked", "The resident asked for a summary by text or e-mail, or took that back."),
    EventKind.OWNER_CHANGED: ("Owner changed", "The conversation passed to another party."),
    EventKind.HANDOFF_OFFERED: ("Handoff offered", "An adviser was asked to take a conversation."),
    EventKind.HANDOFF_ACCEPTED: ("Handoff accepted", "An adviser took a conversation."),
    EventKind.HANDOFF_PASSED_BACK: ("Handoff passed back", "A conversation went back to a queue, with its place kept."),
    EventKind.HANDOFF_RAISED: ("Handoff raised", "Somebody who waits or talks with an adviser became more urgent."),
    EventKind.HANDOFF_TRANSFERRED: ("Handoff transferred", "An adviser passed a conversation to another team or person."),
    EventKind.HANDOFF_SNOOZED: ("Handoff snoozed", "An adviser put a conversation aside until later, or took it up again."),
    EventKind.HANDOFF_BREACHED: ("Handoff breached", "A promise about waiting was not kept, and the next route was taken."),
    EventKind.HANDOFF_GIVEN_UP: (
        "Handoff given up",
        "Nobody could join, so the resident no longer waits in the conversation; the request stays open.",
    ),
    EventKind.HANDOFF_CLOSED: ("Handoff closed", "An adviser wrapped a conversation up."),
    EventKind.HANDOFF_WITHDRAWN: ("Handoff withdrawn", "The resident went on without a person, or ended the conversation."),
    EventKind.NOTICE_GIVEN: ("Notice given", "The resident was told something outside a turn, in approved wording."),
    EventKind.MESSAGE_SENT: ("Message sent", "An adviser wrote to the resident."),
    EventKind.NOTE_WRITTEN: ("Note written", "A member of staff wrote a private note."),
    EventKind.WORDS_TRANSLATED: ("Words translated", "A machine was given masked words to translate, and what it wrote was checked."),
    EventKind.CONVERSATION_LABELLED: ("Conversation labelled", "A member of staff changed the labels or the service of a conversation."),
    EventKind.HANDOFF_REOPENED: ("Handoff reopened", "An adviser took a wrap-up back at once, and has the conversation again."),
    EventKind.SUPERVISOR_LOOKED: ("Supervisor looked", "A supervisor looked at a conversation that an adviser had asked them to look at."),
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
    EventKind.GAP_FOUND: ("Content gap found", "Several residents asked the same, and the council's content did not answer."),
    EventKind.GAP_CHANGED: ("Content gap changed", "Somebody gave a content gap an owner, a date, a page or another status."),
    EventKind.GAP_RERUN: ("Questions asked again", "The questions of a content gap were asked again, and the answers were compared."),
    EventKind.PHRASE_PROPOSED: ("Phrase proposed", "Somebody proposed a word for the lexicon or a question to be tested."),
    EventKind.PHRASE_RELEASED: ("Phrase released", "A second person released a proposed word or question, and it came into use."),
    EventKind.PHRASE_REFUSED: ("Phrase refused", "A second person refused a proposed word or question."),
    EventKind.PHRASE_WITHDRAWN: ("Phrase withdrawn", "A word or question that was in use was taken back."),
    EventKind.DRAFT_QUEUED: ("Draft queued", "A drafted answer was put before an adviser, and the resident was told so."),
    EventKind.DRAFT_DECIDED: ("Draft decided", "A drafted answer was approved, edited or rejected, or nobody checked it in time."),
    EventKind.SUPERVISION_CHANGED: ("Supervision changed", "How freely a topic may be answered was changed, or a change was proposed."),
    EventKind.REQUEST_FAILED: (
        "Request failed",
        "A page or the API failed before a turn could run; whoever asked was given the human route.",
    ),
    EventKind.NOTIFICATION_QUEUED: ("Notification queued", "A message to a resident or to staff was put into the outbox."),
    EventKind.NOTIFICATION_SENT: ("Notification sent", "The provider took a message."),
    EventKind.NOTIFICATION_FAILED: ("Notification failed", "A message could not be sent and was given up until somebody tries again."),
    EventKind.NOTIFICATION_WITHHELD: ("Notification withheld", "A message was not sent, because it might not be safe for the resident."),
    EventKind.FOLLOW_UP_WRITTEN: ("Follow-up written", "An adviser wrote down what was agreed, for the resident's summary."),
    EventKind.SAFEGUARDING_RAISED: ("Safeguarding raised", "An escalation about somebody at risk got its safeguarding record."),
    EventKind.SAFEGUARDING_ALERTED: ("Safeguarding alerted", "The first route for a safeguarding record was told."),
    EventKind.SAFEGUARDING_ESCALATED: ("Safeguarding escalated", "Nobody acknowledged in time, and the next route was told."),
    EventKind.SAFEGUARDING_ACKNOWLEDGED: ("Safeguarding acknowledged", "A named person took a safeguarding record in hand."),
    EventKind.SAFEGUARDING_CLOSED: ("Safeguarding closed", "A named person wrote down what came of a safeguarding record."),
    EventKind.CONTACT_RECOGNISED: ("Contact recognised", "A resident agreed to be recognised by the number or address they gave."),
    EventKind.RECONTACT_KNOWN: (
        "Contact again known",
        "Seven days are over, and it is known whether the same resident came again. It does not say who they are or which contact it was.",
    ),
    EventKind.COMMENT_READ: ("Comment read", "A member of staff read what a resident said about the service."),
    EventKind.CALL_BEGAN: ("Call began", "A resident rang, and the call was answered."),
    EventKind.CALL_NOTED: ("Call noted", "Something happened in a call: another state, a key, how long a reply took."),
    EventKind.REPLY_HEARD: ("Reply heard", "A piece of a reply was played to the caller to its end."),
    EventKind.CALL_RUNG: ("Phone rung", "A person's phone began to ring for a caller."),
    EventKind.CALL_BRIDGED: ("Call put through", "A person answered the phone and talks with the caller."),
    EventKind.CALL_NOT_BRIDGED: ("Call not put through", "Nobody answered the phone, and the caller was not left alone."),
    EventKind.CALL_ENDED: ("Call ended", "A call is over."),
    EventKind.FIGURE_PUBLISHED: ("Figure published", "A figure was approved to be said in public, with the rows it comes from."),
    EventKind.FIGURE_SUPERSEDED: ("Figure superseded", "A published figure no longer matches the record, or was replaced."),
    EventKind.BASELINE_FROZEN: ("Baseline frozen", "What a measure was before a change was imported, checked, hashed and frozen."),
    EventKind.BENEFIT_CHANGED: ("Benefit changed", "A benefit was entered in the ledger, or moved to another stage."),
    EventKind.BENEFIT_CLAIMED: ("Benefit claimed", "Money was claimed for a benefit, from a budget line, a period and an act."),
    EventKind.CLAIM_REVERSED: ("Claim reversed", "A claim was taken back by an entry of its own; nothing was edited."),
    EventKind.BENEFIT_SIGNED: ("Benefit signed", "A named person signed a benefit at a stage."),
    EventKind.WORKSHOP_RECORDED: ("Workshop recorded", "The people, roles and notes of a workshop were written down."),
    EventKind.OPPORTUNITY_CHANGED: ("Opportunity changed", "An opportunity was proposed, accepted, changed, gated or stopped."),
    EventKind.OPPORTUNITIES_MERGED: (
        "Opportunities merged",
        "A person joined two opportunities into one, with both voices kept, or parted them again.",
    ),
    EventKind.OPPORTUNITY_SCORED: ("Opportunity scored", "A scorer scored an opportunity under one head."),
    EventKind.PORTFOLIO_RUN: ("Portfolio computed", "The optimiser chose opportunities within budget, capacity and rules."),
    EventKind.PORTFOLIO_CHOSEN: (
        "Portfolio chosen",
        "The board chose the opportunities, with a reason wherever it overruled the optimiser.",
    ),
    EventKind.AUDIT_DRAWN: ("Audit drawn", "A sample of turns was drawn by a seed, for people to mark whether they were right."),
    EventKind.AUDIT_WITHDRAWN: ("Audit withdrawn", "A sample was given up before anybody had marked any of it."),
    EventKind.AUDIT_CLOSED: (
        "Audit closed",
        "A sample was closed before all its marks were in, and why. Turns that nobody decided are counted both ways.",
    ),
    EventKind.AUDIT_MARKED: (
        "Audit marked",
        "A person marked a turn of a sample. What the mark is stays sealed until the sample is finished.",
    ),
    EventKind.AUDIT_COUNTED: ("Audit counted", "A sample was finished, and what a turn of it was judged to be counts from now on."),
    EventKind.TRIAL_APPROVED: ("Trial approved", "One of the two people who must approve a randomised trial did so."),
    EventKind.TRIAL_STARTED: ("Trial started", "A second person approved a randomised trial, and residents are asked to take part."),
    EventKind.TRIAL_STOPPED: ("Trial stopped", "A randomised trial ended for good, and everybody gets the usual way."),
    EventKind.TRIAL_JOINED: (
        "Trial joined",
        "A resident agreed to take part in a trial, and chance decided which way their questions are answered.",
    ),
    EventKind.TRIAL_LEFT: ("Trial left", "A resident took back that they take part in a trial."),
    EventKind.EVALUATION_KEPT: (
        "Evaluation kept",
        "What a change made of a measure was kept, with what it was asked of, so that a benefit can rest on it.",
    ),
    EventKind.EVALUATION_SUPERSEDED: (
        "Evaluation superseded",
        "The record no longer gives the months that a kept evaluation was made of, so it stands no longer as evidence.",
    ),
    EventKind.DOCUMENT_KEPT: ("Document named", "A document that shows something was named by its digest."),
    EventKind.DOCUMENT_WITHDRAWN: ("Document withdrawn", "A document no longer shows what it was to show."),
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

"""One identifier type per noun, so that a turn id can never be passed for a conversation id."""

from typing import NewType

ConversationId = NewType("ConversationId", str)
TurnId = NewType("TurnId", str)
EventId = NewType("EventId", str)
PassageId = NewType("PassageId", str)
SourceId = NewType("SourceId", str)
RuleId = NewType("RuleId", str)
ServiceKey = NewType("ServiceKey", str)
WordingId = NewType("WordingId", str)
CouncilSlug = NewType("CouncilSlug", str)

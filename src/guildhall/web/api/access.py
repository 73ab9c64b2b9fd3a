"""Who may reach a conversation through the API: whoever holds its token."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Path
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from guildhall.vocabulary.ids import ConversationId
from guildhall.web.api.problems import ProblemError
from guildhall.web.front_door import FrontDoor

bearer = HTTPBearer(auto_error=False, scheme_name="conversationToken", description="The `token` given when the conversation started.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
Named = Annotated[str, Path(description="Id of the conversation.")]
CHALLENGE = {"WWW-Authenticate": "Bearer"}
MAX_ID, MAX_TOKEN = 64, 128


def opened_by_token(door: FrontDoor) -> Callable[[str, HTTPAuthorizationCredentials | None], ConversationId]:
    """A dependency that gives the conversation's id once its token is checked. An unknown id and a wrong token look alike."""

    def opened(conversation_id: Named, credentials: Credentials) -> ConversationId:
        token = credentials.credentials if credentials else ""
        short_enough = len(conversation_id) <= MAX_ID and 0 < len(token) <= MAX_TOKEN
        if not short_enough or not door.guildhall.conversations.holds_secret(conversation_id, token):
            raise ProblemError(401, "This conversation is not open to you", "Send its own token: Authorization: Bearer …", CHALLENGE)
        return ConversationId(conversation_id)

    return opened

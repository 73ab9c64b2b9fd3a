"""Asking a supervisor to look at a conversation, within the transaction that wraps it up."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert

from guildhall.storage.tools_schema import looks


def ask_to_look(connection: Connection, reference: str, conversation_id: str, asked_by: str, at: datetime) -> None:
    """Put it on the list of what supervisors are asked to look at; asking again begins anew."""
    connection.execute(delete(looks).where(looks.c.reference == reference))
    values = {"reference": reference, "conversation_id": conversation_id, "asked_by": asked_by, "asked_at": at, "looked_by": ""}
    connection.execute(insert(looks).values(**values))

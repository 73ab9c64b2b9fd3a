"""Conversation keys: made once, wrapped by the master key, unwrapped on use and kept for a while in memory."""

import threading
from collections import OrderedDict

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, insert, select

from guildhall.records.sealing import Sealer
from guildhall.storage.schema import conversation_keys
from guildhall.vocabulary.errors import NotFoundError

KEPT = 4096


class KeyRing:
    """Unwrapped keys by conversation, least recently used dropped."""

    def __init__(self, sealer: Sealer) -> None:
        self.sealer = sealer
        self._kept: OrderedDict[str, AESGCM] = OrderedDict()
        self._lock = threading.Lock()

    def create(self, connection: Connection, conversation_id: str) -> None:
        """Make and store the key of a new conversation, in the caller's transaction."""
        wrapped = self.sealer.new_key(conversation_id)
        connection.execute(insert(conversation_keys).values(conversation_id=conversation_id, wrapped=wrapped))

    def get(self, connection: Connection, conversation_id: str) -> AESGCM:
        """The conversation's key. Raises NotFoundError when it was destroyed or never made."""
        with self._lock:
            if key := self._kept.get(conversation_id):
                self._kept.move_to_end(conversation_id)
                return key
        wrapped = connection.execute(
            select(conversation_keys.c.wrapped).where(conversation_keys.c.conversation_id == conversation_id)
        ).scalar()
        if wrapped is None:
            raise NotFoundError(f"conversation {conversation_id} has no key: its words were erased, or it does not exist")
        key = self.sealer.unwrap(wrapped, conversation_id)
        with self._lock:
            self._kept[conversation_id] = key
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return key

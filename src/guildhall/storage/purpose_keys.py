"""Keys for one purpose each, in the key store: whoever destroys one makes everything that was made with it meaningless, everywhere at once."""

import hashlib
import hmac
import secrets
from collections.abc import Callable

from sqlalchemy import delete, insert, select

from guildhall.records.sealing import KEY_BYTES, Sealer
from guildhall.storage.database import Database
from guildhall.storage.keys_schema import purpose_keys


class PurposeKeys:
    """Repository of keys by purpose. They are wrapped by the master key and are in no copy of the database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def digest(self, purpose: str, text: str) -> str:
        """A keyed digest (HMAC-SHA-256). Without the key it says nothing, and nobody can try numbers against it."""
        return hmac.new(self._key(purpose), text.encode(), hashlib.sha256).hexdigest()

    def keyed(self, purpose: str) -> Callable[[str], str]:
        """The same digest for many texts at once, with the key read a single time."""
        key = self._key(purpose)
        return lambda text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def destroy(self, purpose: str) -> bool:
        """Destroy a key; the next use makes a fresh one, to which nothing old leads. False when there was none."""
        with self._database.writing() as connection:
            return connection.execute(delete(purpose_keys).where(purpose_keys.c.purpose == purpose)).rowcount > 0

    def _key(self, purpose: str) -> bytes:
        wrapped = self._wrapped(purpose)
        if wrapped is None:
            fresh = self._sealer.wrap(secrets.token_bytes(KEY_BYTES), purpose)
            with self._database.writing() as connection:
                there = connection.execute(
                    select(purpose_keys.c.wrapped).where(purpose_keys.c.purpose == purpose).with_for_update()
                ).scalar()
                wrapped = there or fresh
                if there is None:
                    connection.execute(insert(purpose_keys).values(purpose=purpose, wrapped=fresh))
        return self._sealer.key_of(wrapped, purpose)

    def _wrapped(self, purpose: str) -> bytes | None:
        with self._database.reading() as connection:
            found: bytes | None = connection.execute(select(purpose_keys.c.wrapped).where(purpose_keys.c.purpose == purpose)).scalar()
        return found

"""A witness that speaks C2SP tlog-witness: asked to cosign a checkpoint, it answers with a signature line, or says what it holds."""

import base64
from collections.abc import Sequence
from typing import Final

import httpx2

from guildhall.records.checkpoints import NoteError, SignedNote, VerifierKey
from guildhall.vocabulary.errors import ProviderError

_RETRY: Final = frozenset({408, 429, 500, 502, 503, 504})


class WitnessConflictError(ProviderError):
    """The witness last cosigned another size than we believed."""

    def __init__(self, name: str, size: int) -> None:
        self.size = size
        super().__init__(f"witness {name} last cosigned {size} records", retry=True)


class TlogWitness:
    """One witness: its address and its public key, without which nothing it says is believed."""

    def __init__(self, url: str, key: VerifierKey, *, timeout_seconds: float = 5.0) -> None:
        self.key = key
        self._url = url.rstrip("/")
        self._client = httpx2.Client(timeout=timeout_seconds)

    def cosign(self, old: int, proof: Sequence[bytes], note: SignedNote) -> str:
        """The witness's line on the note, checked. Raises WitnessConflictError and ProviderError."""
        lines = "".join(base64.b64encode(step).decode() + "\n" for step in proof)
        try:
            response = self._client.post(f"{self._url}/add-checkpoint", content=f"old {old}\n{lines}\n{note.text}".encode())
        except httpx2.HTTPError as error:
            raise ProviderError(f"witness {self.key.name} could not be reached: {type(error).__name__}", retry=True) from error
        if response.status_code == 409 and response.text.strip().isdigit():
            raise WitnessConflictError(self.key.name, int(response.text))
        if response.status_code != 200:
            why = " ".join(response.text.split())[:200]
            retry = response.status_code in _RETRY
            raise ProviderError(f"witness {self.key.name} refused with status {response.status_code}: {why}", retry=retry)
        return self._own_line(note, response.text)

    def _own_line(self, note: SignedNote, answer: str) -> str:
        for line in answer.splitlines():
            try:
                if note.with_lines([line + "\n"]).signed_at(self.key) is not None:
                    return line + "\n"
            except NoteError:
                continue
        raise ProviderError(f"witness {self.key.name} answered without a signature of the key we were given for it")

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

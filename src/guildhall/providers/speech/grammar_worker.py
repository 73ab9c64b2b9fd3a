"""A speech worker: a process that hears grammars and nothing else. `python -m guildhall.providers.speech.grammar_worker`.

It takes one request after another from standard input, and ends when that closes: no worker outlives its gateway.
"""

import os
import sys
from typing import Any, Final

from guildhall.providers.speech.grammar_decoder import GrammarDecoder
from guildhall.providers.speech.worker_messages import packed, read

NICER: Final = 2
"""Decoding may wait a little; sound may not."""


def answer(decoder: GrammarDecoder, request: dict[str, Any], sound: bytes) -> dict[str, Any]:
    """One request. `unknown`: the grammar must be sent along."""
    name = request["name"]
    if not decoder.has(name):
        if "jsgf" not in request:
            return {"unknown": name}
        decoder.learn(name, request["jsgf"], [(word, tuple(ways)) for word, ways in request["sounds"]])
    if not sound:
        return {"ready": name}
    heard = decoder.hear(name, sound)
    return {"text": heard.text, "share": heard.share, "sure": heard.sure}


def main() -> None:
    """Until the gateway is gone."""
    os.nice(NICER)
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    decoder = GrammarDecoder()
    answers.write(packed({"ready": ""}))
    answers.flush()
    while (message := read(source)) is not None:
        request, sound = message
        try:
            told = answer(decoder, request, sound)
        except Exception as error:  # noqa: BLE001  # boundary: provider call; one utterance that fails must not end the worker
            told = {"failed": type(error).__name__}
        answers.write(packed(told))
        answers.flush()


if __name__ == "__main__":
    main()

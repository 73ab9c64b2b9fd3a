"""A process that reads a conversation, remembers it, and says when it has forgotten it."""

import sys
import time
from pathlib import Path

from guildhall.storage.keys import FORGET_SECONDS
from guildhall.vocabulary.forgetting import forget_words, remembered, remembering
from tests.bootstrap.deployment import Deployment


@remembering(10)
def length(text: str) -> int:
    """Something worth remembering."""
    return len(text)


def main(folder: str, conversation: str) -> None:
    """Say what is known, then wait until it is not."""
    deployment = Deployment(Path(folder))
    deployment.keys.when_forgotten(lambda _ids: print(end=str(forget_words())[:0]))
    (words,) = deployment.words(conversation)
    length(words)
    print(f"knows {remembered(words)}", flush=True)
    for _ in range(200):
        time.sleep(0.05)
        deployment.seconds += FORGET_SECONDS  # the keeper's next look
        deployment.keys.watch()
        if not remembered(words) and not deployment.words(conversation):
            break
    print(f"forgot {remembered(words)}", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(*sys.argv[1:3])

"""The name of a queue as it stands in a sentence of each language."""

from itertools import pairwise

import pytest

from guildhall.vocabulary.languages import Language
from tests.conversations.talk import profile


@pytest.mark.parametrize("language", list(Language))
def test_no_word_stands_twice_where_a_queue_is_named(language: Language) -> None:
    for queue in profile().handoffs.queues.values():
        said = profile().wordings.say("person.brought_closed", language).replace("{queue}", queue.named(language))
        assert [one for one, next_one in pairwise(said.split()) if one == next_one] == [], queue

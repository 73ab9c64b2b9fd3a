"""A question that names nothing is asked back: search would find something near whatever is asked."""

from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from tests.conversations.talk import Talk


def test_a_question_that_names_nothing_is_asked_back_and_not_guessed(talk: Talk) -> None:
    turn = talk.say("how much is it?")
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.ASKED_BACK, Reason.SERVICE_UNCLEAR, Person.OFFERED)
    assert [part.wording for part in turn.reply.parts] == ["clarify.about", "person.offered"]

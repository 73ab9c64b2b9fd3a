"""What comes after a conversation holds nobody's words, number or address once they were erased: the canary is gone from every new store."""

from pathlib import Path

from guildhall.bootstrap.after import open_after
from guildhall.councils.loading import load_council
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.follow_ups import FollowUpStore
from guildhall.storage.handoffs import HandoffStore
from guildhall.storage.satisfaction import SatisfactionStore
from guildhall.vocabulary.aftercare import FollowUpKind, Score
from guildhall.vocabulary.handoffs import Lane, Request, WrapUp
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.safeguarding import Evidence, SafeguardingOutcome
from tests.bootstrap.deployment import CANARY, Deployment, bytes_everywhere

ADDRESS = f"{CANARY.split()[0]}@example.org"


def test_the_canary_is_gone_from_the_outbox_the_records_and_the_comments(deployment: Deployment) -> None:
    after = open_after(deployment.settings, load_council(Path("councils"), "avonmere"), deployment.rights.memory)
    new_id, now = after.messages._writer.new_id, deployment.clock()
    conversation = ConversationId(deployment.say("hello"))
    assert isinstance(deployment.conversations, ConversationStore)
    handoffs = HandoffStore(deployment.database, deployment.keys, new_id)
    reference = deployment.people.request(conversation, "front-desk", "person_requested", "", False, now)
    FollowUpStore(deployment.database, deployment.keys, new_id).ask(conversation, FollowUpKind.EMAIL, ADDRESS, "en", now)
    after.contacts.recognise(conversation, ADDRESS, now)
    handoffs.accept(reference, "pat", now)
    after.follow_ups.agreed(conversation, "pat", f"We agreed {CANARY}", now)
    handoffs.close(reference, "pat", WrapUp.RESOLVED, True, now)
    assert after.tick_and_wait(now).sent == 1
    SatisfactionStore(deployment.database, deployment.keys, new_id).give(conversation, Score.SATISFIED, f"thanks {CANARY}", now)
    (answer,) = after.comments.unread()
    after.comments.mark_read(answer.id, "pat", f"wrote to {CANARY}", now)
    evidence = Evidence("domestic_abuse", "turn-1", "confirm", (), "pack", (), f"he hits me {CANARY}")
    deployment.people.request(
        conversation, "duty", "distress", "domestic_abuse", True, now, Request(Lane.DANGER, evidence=(evidence,), out_of_hours=True)
    )
    (record,) = after.safeguarding.open_ones()
    after.safeguarding.close(record.id, "Pat", SafeguardingOutcome.REFERRED, f"about {CANARY}", now)
    outbox = deployment.folder / "outbox"
    held = [path for path in bytes_everywhere(deployment.folder, CANARY.split()[0]) if not path.startswith(str(outbox))]
    assert held == [], "sealed everywhere but in the demonstration's outbox"
    assert len(list(outbox.glob("*.json"))) == 1

    certificate = deployment.erase(conversation)

    assert certificate.clean, certificate.as_text
    for name in (
        "Messages on their way, sealed",
        "Words of safeguarding records, sealed",
        "Notes on safeguarding records, sealed",
        "Who agreed to be recognised, by a keyed digest",
        "What was done about comments, sealed",
        "Messages in the local outbox",
    ):
        assert certificate.content["purged"][name] == 1, name
    assert bytes_everywhere(deployment.folder, CANARY.split()[0]) == []
    kept = after.safeguarding.get(record.id)
    assert (kept.category, after.safeguarding.words(kept), after.safeguarding.notes(kept)) == ("domestic_abuse", {}, {})
    assert after.comments.comment(answer) == ("", "")
    after.close()


def test_a_message_that_still_waits_goes_with_the_erasure(deployment: Deployment) -> None:
    after = open_after(deployment.settings, load_council(Path("councils"), "avonmere"), deployment.rights.memory)
    new_id, now = after.messages._writer.new_id, deployment.clock()
    conversation = ConversationId(deployment.say("hello"))
    reference = deployment.people.request(conversation, "front-desk", "person_requested", "", False, now)
    FollowUpStore(deployment.database, deployment.keys, new_id).ask(conversation, FollowUpKind.EMAIL, ADDRESS, "en", now)
    handoffs = HandoffStore(deployment.database, deployment.keys, new_id)
    handoffs.accept(reference, "pat", now)
    handoffs.close(reference, "pat", WrapUp.RESOLVED, True, now)
    after.follow_ups.tick(now)
    deployment.erase(conversation)
    assert after.tick_and_wait(now).sent == 0
    assert after.messages.listed() == ()
    assert not (deployment.folder / "outbox").exists()
    after.close()

"""What a supervised topic is called, and where its page is."""

from urllib.parse import urlencode

from guildhall.bootstrap.console import Console
from guildhall.vocabulary.categories import category_name
from guildhall.vocabulary.supervision import Topic, TopicKind

SUPERVISION_PATH = "/console/supervision"


def topic_name(console: Console, topic: Topic) -> str:
    """A topic in words."""
    if topic.kind == TopicKind.EVERYTHING:
        return "Everything that is not listed"
    if topic.kind == TopicKind.CATEGORY:
        name = category_name(topic.key)
        return f"Signs of {name[:1].lower()}{name[1:]}"
    service = next((found for key, found in console.guildhall.profile.services.items() if key == topic.key), None)
    return service.name if service else topic.key


def topic_link(topic: Topic) -> str:
    """Its page."""
    return f"{SUPERVISION_PATH}/topic?{urlencode({'what': topic.name})}"

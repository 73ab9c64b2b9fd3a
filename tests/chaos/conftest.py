from tests.conversations.talk import talk as talk

from tests.storage.memory import memory as memory

"""Tunes the upper layers of a sentence encoder to what the house reads, all tasks at once. Needs PyTorch, which nothing else here does.

Multi-task fine-tuning (Liu et al. 2019, arXiv 1901.11504): the embeddings and the lower layers stay as published; the layers above
are copied, tuned on every task together and kept as int8.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_BATCH: Final = 32
_BATCHES_TOGETHER: Final = 40
LONGEST: Final = 96
"""Tokens of a text that are read while tuning."""
_RATE: Final = 1.5e-4
_HEAD_RATE: Final = 2e-3
_DROPPED: Final = 0.1
_AVERAGED_FROM: Final = 0.7
_SMOOTHED: Final = 0.02
_OWN_FORM: Final = 0.6
"""How often an example is read as it was written rather than in one of its variants."""
Floats = NDArray[np.float32]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to learn: `outputs` scores, of which exactly one is meant (`exclusive`) or each by itself."""

    name: str
    outputs: int
    exclusive: bool


@dataclass(frozen=True, slots=True)
class Aim:
    """What one text should score for one task: `target` (K,), and `weight`, (K,) or a single one for an exclusive task."""

    task: str
    target: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Lesson:
    """One example: the text, other forms of it (each with its factor), and what it should score."""

    text: str
    aims: tuple[Aim, ...]
    forms: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Tuned:
    """The tuned layers as published weights are laid out, and for each task a head: weights (2 * d, K) and bias (K,)."""

    layers: dict[str, Floats]
    heads: Mapping[str, tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Published:
    """An encoder as published, and where tuning begins: `shared` layers stay, those of `named` are tuned and kept under those numbers.

    `states` gives what the first layer is given of a text, float32 (length, d); `layer` the weights of a layer, as published ones are laid out.
    """

    width: int
    heads: int
    shared: int
    named: Sequence[int]
    states: Callable[[Sequence[str]], list[Floats]]
    layer: Callable[[int], Mapping[str, Floats]]


def normed(rows: Floats, weight: Floats, bias: Floats) -> Floats:
    """Layer norm of every row (Ba et al. 2016, arXiv 1607.06450)."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    scaled: Floats = rows / np.sqrt((rows**2).mean(axis=1, keepdims=True) + np.float32(1e-12)) * weight + bias
    return scaled


def tune(
    published: Published, lessons: Sequence[Lesson], tasks: Sequence[Task], say: Say, *, passes: int, seed: int = 5, threads: int = 2
) -> Tuned:
    """Fit the upper layers and the heads: from a quarter of an hour on two cores. Raises ImportError without PyTorch."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    chance = random.Random(seed)
    network = _network(torch, published)
    heads = {task.name: torch.nn.Linear(2 * published.width, task.outputs) for task in tasks}
    for head in heads.values():
        torch.nn.init.zeros_(head.weight)
        torch.nn.init.zeros_(head.bias)
    tuned = [p for layer in network.tuned for p in layer.parameters()]
    learner = torch.optim.AdamW(
        [{"params": tuned, "lr": _RATE}, {"params": [p for h in heads.values() for p in h.parameters()], "lr": _HEAD_RATE}],
        weight_decay=0.01,
    )
    rates = [group["lr"] for group in learner.param_groups]
    kept = _Average(torch, [*tuned, *(p for head in heads.values() for p in head.parameters())])
    batches = [batch for _ in range(passes) for batch in _batches(lessons, chance)]
    network.train()
    for step, batch in enumerate(batches):
        share = min(1.0, step / 100) * max(0.02, 1 - step / len(batches))
        for group, rate in zip(learner.param_groups, rates, strict=True):
            group["lr"] = rate * share
        features = torch.nn.functional.dropout(network(*_padded(torch, published.states([read.text for read in batch]))), _DROPPED)
        loss: Any = sum(_loss(torch, task, heads[task.name](features), batch) for task in tasks)
        learner.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tuned, 1.0)
        learner.step()
        kept.take(step / len(batches))
        if step % 200 == 0:
            say(f"Tuning the encoder: {100 * step // len(batches)} in 100 (loss {loss.item():.2f}).")
    kept.put_back()
    return Tuned(
        {name: value for index, layer in zip(published.named, network.tuned, strict=True) for name, value in _kept(layer, index).items()},
        {name: (head.weight.detach().numpy().T.copy(), head.bias.detach().numpy().copy()) for name, head in heads.items()},
    )


class _Average:
    """The mean of the tuned weights over the later steps, which generalises better than the last (Izmailov et al. 2018, arXiv 1803.05407)."""

    def __init__(self, torch: Any, weights: Sequence[Any]) -> None:
        self._torch, self._weights = torch, weights
        self._means: list[Any] = []
        self._taken = 0

    def take(self, share: float) -> None:
        """Count the weights in, once the share of steps done is large enough."""
        if share < _AVERAGED_FROM:
            return
        self._taken += 1
        with self._torch.no_grad():
            if not self._means:
                self._means = [w.detach().clone() for w in self._weights]
            for mean, weight in zip(self._means, self._weights, strict=True):
                mean += (weight - mean) / self._taken

    def put_back(self) -> None:
        """Leave the means in the network."""
        with self._torch.no_grad():
            for weight, mean in zip(self._weights, self._means, strict=bool(self._means)):
                weight.copy_(mean)


@dataclass(frozen=True, slots=True)
class _Read:
    """A lesson as it is read this time: as written, or in one of its forms."""

    text: str
    factor: np.float32
    aims: tuple[Aim, ...]


def _read(lesson: Lesson, chance: random.Random) -> _Read:
    own = not lesson.forms or chance.random() < _OWN_FORM
    text, factor = (lesson.text, 1.0) if own else chance.choice(lesson.forms)
    return _Read(text, np.float32(factor), lesson.aims)


def _batches(lessons: Sequence[Lesson], chance: random.Random) -> Iterator[list[_Read]]:
    """Every lesson once, in batches of texts of like length, so that little is padding."""
    order = [_read(lesson, chance) for lesson in lessons]
    chance.shuffle(order)
    for begin in range(0, len(order), _BATCH * _BATCHES_TOGETHER):
        together = sorted(order[begin : begin + _BATCH * _BATCHES_TOGETHER], key=lambda read: len(read.text))
        cut = [together[i : i + _BATCH] for i in range(0, len(together), _BATCH)]
        chance.shuffle(cut)
        yield from cut


def _loss(torch: Any, task: Task, scores: Any, batch: Sequence[_Read]) -> Any:
    rows, targets, weights = [], [], []
    for row, read in enumerate(batch):
        for aim in read.aims:
            if aim.task == task.name:
                rows.append(row)
                targets.append(aim.target)
                weights.append(aim.weight * read.factor)
    if not rows:
        return torch.zeros(())
    wanted, weight, found = torch.tensor(np.array(targets)), torch.tensor(np.array(weights)), scores[rows]
    if task.exclusive:
        lost = torch.nn.functional.cross_entropy(found, wanted, reduction="none", label_smoothing=0.05) * weight
        return lost.sum() / _BATCH
    wanted = wanted * (1 - 2 * _SMOOTHED) + _SMOOTHED
    lost = torch.nn.functional.binary_cross_entropy_with_logits(found, wanted, reduction="none") * weight
    return lost.sum() / _BATCH


def _padded(torch: Any, texts: Sequence[Floats]) -> tuple[Any, Any]:
    """States (n, length, d), and which places are real (n, length)."""
    longest = max(len(states) for states in texts)
    states = torch.zeros(len(texts), longest, texts[0].shape[1])
    real = torch.zeros(len(texts), longest, dtype=torch.bool)
    for row, found in enumerate(texts):
        states[row, : len(found)] = torch.from_numpy(found)
        real[row, : len(found)] = True
    return states, real


_PARTS: Final = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "attended": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "out": "output.LayerNorm",
}


def _kept(layer: Any, index: int) -> dict[str, Floats]:
    return {
        f"encoder.layer.{index}.{name}.{kind}": getattr(getattr(layer, part), kind).detach().numpy().copy()
        for part, name in _PARTS.items()
        for kind in ("weight", "bias")
    }


def _network(torch: Any, published: Published) -> Any:
    """The published network with its upper layers free to learn; gives mean and maximum over tokens, (n, 2 * d)."""
    functional, module = torch.nn.functional, torch.nn
    base: Any = module.Module

    class Layer(base):  # type: ignore[misc]  # torch is typed Any here
        def __init__(self, index: int) -> None:
            super().__init__()
            weights = published.layer(index)
            for attribute, name in _PARTS.items():
                weight, bias = (torch.tensor(weights[f"encoder.layer.{index}.{name}.{kind}"]) for kind in ("weight", "bias"))
                part = module.LayerNorm(len(bias), eps=1e-12) if weight.ndim == 1 else module.Linear(weight.shape[1], weight.shape[0])
                part.weight.data, part.bias.data = weight, bias
                setattr(self, attribute, part)

        def forward(self, states: Any, real: Any) -> Any:
            count, length, width = states.shape
            shape = (count, length, published.heads, width // published.heads)
            heads = [p(states).view(*shape).transpose(1, 2) for p in (self.query, self.key, self.value)]
            drop = _DROPPED if self.training else 0.0
            mixed = functional.scaled_dot_product_attention(*heads, attn_mask=real[:, None, None, :], dropout_p=drop)
            mixed = self.mixed(mixed.transpose(1, 2).reshape(count, length, width))
            states = self.attended(states + functional.dropout(mixed, drop))
            return self.out(states + functional.dropout(self.narrow(functional.gelu(self.wide(states))), drop))

    class Network(base):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.shared = [Layer(index).eval() for index in range(published.shared)]  # a plain list: never trained
            self.tuned = module.ModuleList(Layer(published.shared + place) for place in range(len(published.named)))

        def forward(self, states: Any, real: Any) -> Any:
            with torch.no_grad():
                for layer in self.shared:
                    states = layer(states, real)
            for layer in self.tuned:
                states = layer(states, real)
            mask = real.float()[..., None]
            mean = (states * mask).sum(1) / mask.sum(1)
            return torch.cat([mean, states.masked_fill(~real[..., None], -1e4).max(1).values], 1)

    return Network()

"""Forward and backward of BERT encoder layers in numpy, for fitting the last layers of the encoder to our signals.

The layer is that of Devlin et al. (2019): self-attention and a GELU network, each added to its input and normalised. Written
out by hand so that training needs no deep-learning framework; a test compares every gradient with finite differences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import erf

from guildhall.understanding.linear import Floats

HEADS: Final = 12
_EPSILON: Final = np.float32(1e-12)
_ROOT: Final = np.float32(2**-0.5)
_TALL: Final = np.float32((2 * np.pi) ** -0.5)
PARTS: Final = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm",
)  # fmt: skip
Values = dict[str, Floats]


@dataclass(slots=True)
class _Normed:
    """What layer normalisation keeps for its way back."""

    scaled: Floats
    inverse: Floats


def _norm(x: Floats, gain: Floats, bias: Floats) -> tuple[Floats, _Normed]:
    centred = x - x.mean(axis=-1, keepdims=True)
    inverse = 1 / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
    scaled = centred * inverse
    return scaled * gain + bias, _Normed(scaled, inverse)


def _norm_back(slope: Floats, kept: _Normed, gain: Floats) -> tuple[Floats, Floats, Floats]:
    to_gain = (slope * kept.scaled).reshape(-1, slope.shape[-1]).sum(axis=0)
    to_bias = slope.reshape(-1, slope.shape[-1]).sum(axis=0)
    inner = slope * gain
    mean = inner.mean(axis=-1, keepdims=True)
    along = (inner * kept.scaled).mean(axis=-1, keepdims=True)
    return (inner - mean - kept.scaled * along) * kept.inverse, to_gain, to_bias


def _split(x: Floats) -> Floats:
    n, length, width = x.shape
    return x.reshape(n, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)


def _merge(x: Floats) -> Floats:
    n, heads, length, size = x.shape
    return x.transpose(0, 2, 1, 3).reshape(n, length, heads * size)


class EncoderLayer:
    """One layer. `values` are float32 and named as in the published weights: kernels (inputs, outputs), biases, norms."""

    def __init__(self, weights: Mapping[str, Floats], prefix: str) -> None:
        self.values: Values = {}
        for part in PARTS:
            kernel = weights[f"{prefix}.{part}.weight"]
            self.values[f"{part}.weight"] = np.ascontiguousarray(kernel.T if kernel.ndim == 2 else kernel).copy()
            self.values[f"{part}.bias"] = weights[f"{prefix}.{part}.bias"].copy()

    def forward(self, x: Floats, mask: Floats, drop: float, random: np.random.Generator | None) -> tuple[Floats, dict[str, object]]:
        """States (n, length, width) after the layer, and what `backward` needs. `mask` is 1 for real tokens."""
        v = self.values
        q, k, s = (_split(x @ v[f"{part}.weight"] + v[f"{part}.bias"]) for part in PARTS[:3])
        size = np.float32(q.shape[-1] ** -0.5)
        raw = (q @ k.transpose(0, 1, 3, 2)) * size + (mask[:, None, None, :] - 1) * np.float32(1e4)
        raw -= raw.max(axis=-1, keepdims=True)
        share = np.exp(raw)
        share /= share.sum(axis=-1, keepdims=True)
        context = _merge(share @ s)
        kept1 = _dropout(x.shape, drop, random)
        out = (context @ v["attention.output.dense.weight"] + v["attention.output.dense.bias"]) * kept1
        middle, norm1 = _norm(x + out, v["attention.output.LayerNorm.weight"], v["attention.output.LayerNorm.bias"])
        wide = middle @ v["intermediate.dense.weight"] + v["intermediate.dense.bias"]
        bell = np.float32(0.5) * (1 + erf(wide * _ROOT))
        active = wide * bell
        kept2 = _dropout(x.shape, drop, random)
        narrow = (active @ v["output.dense.weight"] + v["output.dense.bias"]) * kept2
        result, norm2 = _norm(middle + narrow, v["output.LayerNorm.weight"], v["output.LayerNorm.bias"])
        return result, locals_of(x=x, q=q, k=k, s=s, size=size, share=share, context=context, kept1=kept1, norm1=norm1,
                                 middle=middle, wide=wide, bell=bell, active=active, kept2=kept2, norm2=norm2)  # fmt: skip

    def backward(self, slope: Floats, kept: dict[str, object]) -> tuple[Floats, Values]:
        """The slope towards the layer's input, and towards every value."""
        v, k = self.values, _Kept(kept)
        slopes: Values = {}
        inner, slopes["output.LayerNorm.weight"], slopes["output.LayerNorm.bias"] = _norm_back(
            slope, k["norm2"], v["output.LayerNorm.weight"]
        )
        to_narrow = inner * k["kept2"]
        slopes["output.dense.weight"], slopes["output.dense.bias"] = _kernel_back(k["active"], to_narrow)
        to_active = to_narrow @ v["output.dense.weight"].T
        to_wide = to_active * (k["bell"] + k["wide"] * _TALL * np.exp(np.float32(-0.5) * k["wide"] * k["wide"]))
        slopes["intermediate.dense.weight"], slopes["intermediate.dense.bias"] = _kernel_back(k["middle"], to_wide)
        to_middle = inner + to_wide @ v["intermediate.dense.weight"].T
        gain = "attention.output.LayerNorm"
        inner, slopes[f"{gain}.weight"], slopes[f"{gain}.bias"] = _norm_back(to_middle, k["norm1"], v[f"{gain}.weight"])
        to_out = inner * k["kept1"]
        slopes["attention.output.dense.weight"], slopes["attention.output.dense.bias"] = _kernel_back(k["context"], to_out)
        to_context = _split(to_out @ v["attention.output.dense.weight"].T)
        to_share = to_context @ k["s"].transpose(0, 1, 3, 2)
        to_s = k["share"].transpose(0, 1, 3, 2) @ to_context
        to_raw = k["share"] * (to_share - (to_share * k["share"]).sum(axis=-1, keepdims=True)) * k["size"]
        to_q, to_k = to_raw @ k["k"], to_raw.transpose(0, 1, 3, 2) @ k["q"]
        back = inner
        for part, found in zip(PARTS[:3], (to_q, to_k, to_s), strict=True):
            merged = _merge(found)
            slopes[f"{part}.weight"], slopes[f"{part}.bias"] = _kernel_back(k["x"], merged)
            back = back + merged @ v[f"{part}.weight"].T
        return back, slopes


class _Kept:
    """Typed look-up of what the forward pass kept."""

    def __init__(self, kept: dict[str, object]) -> None:
        self._kept = kept

    def __getitem__(self, name: str):  # type: ignore[no-untyped-def]
        return self._kept[name]


def locals_of(**kept: object) -> dict[str, object]:
    """What a forward pass keeps, by name."""
    return kept


def _dropout(shape: tuple[int, ...], drop: float, random: np.random.Generator | None) -> Floats | np.float32:
    if random is None or drop <= 0:
        return np.float32(1)
    return (random.random(shape, dtype=np.float32) > drop).astype(np.float32) / np.float32(1 - drop)


def _kernel_back(x: Floats, slope: Floats) -> tuple[Floats, Floats]:
    flat, flat_slope = x.reshape(-1, x.shape[-1]), slope.reshape(-1, slope.shape[-1])
    return flat.T @ flat_slope, flat_slope.sum(axis=0)

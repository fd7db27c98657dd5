"""Turns the quantized numbers of GGUF files back into float32.

A block of 32 or 256 numbers has a scale, and small whole numbers that are multiplied by it.
Source: ggml-quants.c and ggml-common.h of ggml.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.loaders.formats.models.gguf_header import TYPES

Raw = NDArray[np.uint8]
#: Blocks that are converted at a time: as much memory as the processor's cache holds.
_AT_ONCE = 1 << 14
_SIZES = {name: (block, width) for name, block, width in TYPES.values()}


def dequantized(kind: str, raw: Raw) -> NDArray[np.float32]:
    """Return the numbers of blocks.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    raw : ndarray of shape (n_blocks * width,), uint8

    Returns
    -------
    ndarray of shape (n_blocks * block,), float32
    """
    block, width = _SIZES[kind]
    blocks = raw.reshape(-1, width)
    values = np.empty((len(blocks), block), np.float32)
    for start in range(0, len(blocks), _AT_ONCE):
        piece = blocks[start : start + _AT_ONCE]
        values[start : start + len(piece)] = _CONVERTERS[kind](piece)
    return values.reshape(-1)


def _half(blocks: Raw, at: int) -> NDArray[np.float32]:
    """Return the float16 number at an offset of every block, as a column."""
    taken = np.ascontiguousarray(blocks[:, at : at + 2]).view("<f2")
    return np.asarray(taken.astype(np.float32))


def _nibbles(packed: Raw) -> Raw:
    """Return the lower halves of bytes, then the upper ones."""
    return np.concatenate([packed & 15, packed >> 4], axis=1)


def _fifth_bits(blocks: Raw, at: int) -> Raw:
    bits = np.unpackbits(np.ascontiguousarray(blocks[:, at : at + 4]), axis=1, bitorder="little")
    return np.asarray(bits << 4)


def _q4_0(blocks: Raw) -> Any:
    return _half(blocks, 0) * (_nibbles(blocks[:, 2:]).astype(np.float32) - 8)


def _q4_1(blocks: Raw) -> Any:
    return _half(blocks, 0) * _nibbles(blocks[:, 4:]).astype(np.float32) + _half(blocks, 2)


def _q5_0(blocks: Raw) -> Any:
    whole = _nibbles(blocks[:, 6:]) | _fifth_bits(blocks, 2)
    return _half(blocks, 0) * (whole.astype(np.float32) - 16)


def _q5_1(blocks: Raw) -> Any:
    whole = _nibbles(blocks[:, 8:]) | _fifth_bits(blocks, 4)
    return _half(blocks, 0) * whole.astype(np.float32) + _half(blocks, 2)


def _q8_0(blocks: Raw) -> Any:
    return _half(blocks, 0) * blocks[:, 2:].view(np.int8).astype(np.float32)


def _scales(blocks: Raw) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return scale and minimum of the eight parts of a block: 6 bits each, in twelve bytes."""
    packed = blocks[:, 4:16]
    low, middle, high = packed[:, :4], packed[:, 4:8], packed[:, 8:]
    scales = np.concatenate([low & 63, (high & 15) | (low >> 6 << 4)], axis=1)
    minima = np.concatenate([middle & 63, (high >> 4) | (middle >> 6 << 4)], axis=1)
    return _half(blocks, 0) * scales, _half(blocks, 2) * minima


def _parts(packed: Raw) -> Raw:
    """Return 256 halves of bytes as eight parts of 32: lower and upper ones of 32 bytes each."""
    groups = packed.reshape(-1, 4, 1, 32)
    return np.concatenate([groups & 15, groups >> 4], axis=2).reshape(-1, 8, 32)


def _q4_k(blocks: Raw) -> Any:
    scales, minima = _scales(blocks)
    whole = _parts(blocks[:, 16:]).astype(np.float32)
    return (scales[:, :, None] * whole - minima[:, :, None]).reshape(-1, 256)


def _q5_k(blocks: Raw) -> Any:
    scales, minima = _scales(blocks)
    high = blocks[:, None, 16:48] >> np.arange(8, dtype=np.uint8)[None, :, None] & 1
    whole = (_parts(blocks[:, 48:]) | high << 4).astype(np.float32)
    return (scales[:, :, None] * whole - minima[:, :, None]).reshape(-1, 256)


def _q6_k(blocks: Raw) -> Any:
    low = blocks[:, :128].reshape(-1, 2, 1, 64)
    low = np.concatenate([low & 15, low >> 4], axis=2).reshape(-1, 2, 4, 32)
    shifts = np.array([0, 2, 4, 6], np.uint8)[None, None, :, None]
    high = blocks[:, 128:192].reshape(-1, 2, 1, 32) >> shifts & 3
    whole = (low | high << 4).astype(np.float32) - 32
    scales = _half(blocks, 208) * blocks[:, 192:208].view(np.int8).astype(np.float32)
    return (scales[:, :, None] * whole.reshape(-1, 16, 16)).reshape(-1, 256)


_CONVERTERS: dict[str, Callable[[Raw], Any]] = {
    "Q4_0": _q4_0,
    "Q4_1": _q4_1,
    "Q5_0": _q5_0,
    "Q5_1": _q5_1,
    "Q8_0": _q8_0,
    "Q4_K": _q4_k,
    "Q5_K": _q5_k,
    "Q6_K": _q6_k,
}
#: The types that can be read.
KINDS = frozenset(_CONVERTERS)

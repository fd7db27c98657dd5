"""Decompresses Snappy, which the index blocks of a checkpoint may use."""

from __future__ import annotations

from projector.loaders.decoders.protobuf import WireError, varint


def decompress(data: bytes, *, limit: int) -> bytes:
    """Return the content of one Snappy block.

    Parameters
    ----------
    data : bytes
    limit : int
        The largest plausible size in bytes; a block of 10 bytes can claim 4 GiB.

    Raises
    ------
    WireError
        The block is damaged, or larger than `limit`.
    """
    size, at = varint(data, 0)
    if size > limit:
        raise WireError(
            f"a compressed block claims to have {size:,} bytes; at most {limit:,} are plausible"
        )
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at = _literal(data, at, out) if tag & 3 == 0 else _copy(data, at, out)
        if len(out) > size:
            break
    if len(out) != size:
        raise WireError(f"a compressed block claims to have {size:,} bytes, but has {len(out):,}")
    return bytes(out)


def _literal(data: bytes, at: int, out: bytearray) -> int:
    length = data[at] >> 2
    at += 1
    if length >= 60:
        extra = length - 59
        length = int.from_bytes(data[at : at + extra], "little")
        at += extra
    if at + length + 1 > len(data):
        raise WireError("a compressed block is truncated")
    out += data[at : at + length + 1]
    return at + length + 1


def _copy(data: bytes, at: int, out: bytearray) -> int:
    tag = data[at]
    width = (0, 1, 2, 4)[tag & 3]
    if at + 1 + width > len(data):
        raise WireError("a compressed block is truncated")
    offset = int.from_bytes(data[at + 1 : at + 1 + width], "little")
    length = (tag >> 2) + 1
    if width == 1:
        length = ((tag >> 2) & 7) + 4
        offset |= (tag >> 5) << 8
    if not 0 < offset <= len(out):
        raise WireError("a compressed block copies from before its start")
    start = len(out) - offset
    if length <= offset:
        out += out[start : start + length]
    else:  # the copy overlaps itself: it repeats the last `offset` bytes
        piece = bytes(out[start:])
        out += (piece * (length // offset + 1))[:length]
    return at + 1 + width

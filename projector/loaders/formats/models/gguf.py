"""Reads GGUF files, which llama.cpp and others run: token embeddings with their tokens, weights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.file_bytes import FileBytes, private_bytes
from projector.loaders.formats.models.gguf_blocks import KINDS, dequantized
from projector.loaders.formats.models.gguf_header import MAGIC, Header, Texts, Weight, read_header
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable
from projector.model.metadata import Column
from projector.model.text import PackedText

_PLAIN = {
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "F64": "float64",
    "I8": "int8",
    "I16": "int16",
    "I32": "int32",
    "I64": "int64",
}
_TOKENS = "tokenizer.ggml.tokens"
#: Tensors with one row for each token.
_BY_TOKEN = re.compile(r"(^|\.)(token_embd|output|per_layer_token_embd)\.weight$")
_NAMED = 3


class Gguf:
    """A model in one file, with its vocabulary."""

    name = "gguf"
    title = "GGUF model"
    gives = "every matrix, token embeddings with their tokens"
    extensions = (".gguf",)

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string, or by suffix."""
        return file.head().startswith(MAGIC) or file.name.lower().endswith(".gguf")

    def list(self, file: File) -> Found:
        """Read the header."""
        header = _read(file)
        tokens = _tokens(header)
        unread: Counter[str] = Counter()
        tensors: list[Tensor] = []
        problems: list[FileProblem] = []
        for weight in header.weights:
            if weight.kind not in _PLAIN and weight.kind not in KINDS:
                unread[weight.kind] += 1
                continue
            try:
                _check(file, weight)
            except LoadError as error:
                problems.append(FileProblem(error.message))
                continue
            tensors.append(_tensor(weight, tokens))
        if unread:
            problems.append(FileProblem(_unread(file, header, unread), "warning"))
        if not header.weights:
            raise LoadError(
                file.path, "is a GGUF file without tensors: a vocabulary only. Open the model."
            )
        return Found(tuple(tensors), tuple(problems))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Map the numbers, or convert quantized ones."""
        header = _read(file)
        weight = next((each for each in header.weights if each.name == tensor.key), None)
        if weight is None or weight.shape != tensor.shape:
            raise LoadError(file.path, "has changed. Refresh the listing.")
        _check(file, weight)
        raw = private_bytes(file.real, weight.start, weight.size)
        warnings: list[str] = []
        if weight.kind in KINDS:
            values = dequantized(weight.kind, raw).reshape(weight.shape)
            warnings.append(f"its numbers are stored as {weight.kind}, so they are rounded.")
        else:
            kind = dtype_of(_PLAIN[weight.kind])
            kind = kind.newbyteorder(">") if header.order == ">" and kind.itemsize > 1 else kind
            values = to_float32(raw.view(kind).reshape(weight.shape))
        tokens = _tokens(header)
        columns: tuple[Column, ...] = ()
        if tokens is not None and _has_tokens(weight, tokens):
            columns = (_column(tokens.read(), weight.shape[0], warnings),)
        return Loaded(values, columns, tuple(warnings))


def _read(file: File) -> Header:
    try:
        return read_header(FileBytes(file.real))
    except ValueError as error:
        raise LoadError(
            file.path, f"cannot be read as GGUF: {error}. Copy or convert it again."
        ) from None


def _check(file: File, weight: Weight) -> None:
    if weight.size < 0 or weight.start + weight.size > file.size:
        raise LoadError(
            file.path,
            f"tensor {printable(weight.name)!r} of {weight.kind} and shape {weight.shape} does not "
            f"fit: it starts at byte {weight.start:,} of {file.size:,}. Copy the file again.",
        )


def _tokens(header: Header) -> Texts | None:
    tokens = header.metadata.get(_TOKENS)
    return tokens if isinstance(tokens, Texts) and tokens.count else None


def _has_tokens(weight: Weight, tokens: Texts) -> bool:
    """Tell whether the rows are tokens; a model may have more rows than tokens, as padding."""
    if len(weight.shape) != 2 or not _BY_TOKEN.search(weight.name):
        return False
    return tokens.count <= weight.shape[0] <= 2 * tokens.count


def _tensor(weight: Weight, tokens: Texts | None) -> Tensor:
    name = printable(weight.name)
    labeled = tokens is not None and _has_tokens(weight, tokens)
    role = role_of(name, weight.shape)
    kind = _PLAIN.get(weight.kind, weight.kind)
    return Tensor(weight.name, name, weight.shape, kind, role=role, labeled=labeled)


def _column(tokens: Sequence[str], n_rows: int, warnings: list[str]) -> Column:
    spare = n_rows - len(tokens)
    if spare:
        warnings.append(
            f"it has {n_rows:,} rows for {len(tokens):,} tokens: the others are padding."
        )
    return Column("token", "text", PackedText.pack([*tokens, *[None] * spare]))


def _unread(file: File, header: Header, unread: Counter[str]) -> str:
    kinds = ", ".join(kind for kind, _ in unread.most_common(_NAMED))
    embeddings = [w for w in header.weights if w.kind in unread and "embd" in w.name]
    named = f", {printable(embeddings[0].name)} among them," if embeddings else ""
    name = printable(file.name)
    return (
        f"{sum(unread.values()):,} tensors are quantized as {kinds}{named} and are not read. "
        f"Convert it: llama-quantize --allow-requantize {name} {printable(file.stem)}-f16.gguf F16"
    )

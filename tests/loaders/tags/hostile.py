"""Files of tags with mistakes, and what the problem must say."""

from __future__ import annotations

HEADER = b'# projector-tags {"version": 1, "tensor": "default", "n_points": 300}\n'

#: Content and a part of the message, by what is wrong.
HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "line 1 is not"),
    "not ours": (b"row\tkind\n3\todd\n", "line 1 is not"),
    "binary": (b"\0\xff\x80" * 99, "is not UTF-8"),
    "half a letter": (HEADER + b"row\tkind\n3\t\xe4\n", "line 3 is not UTF-8"),
    "deep": (b"# projector-tags " + b"[" * 60_000 + b"\n", "line 1 is not"),
    "newer": (HEADER.replace(b'"version": 1', b'"version": 2'), "version 2"),
    "no count": (HEADER.replace(b"300", b'"300"'), "line 1 is not"),
    "a true count": (HEADER.replace(b"300", b"true"), "line 1 is not"),
    "no columns": (HEADER, "first column is not called 'row'"),
    "two of a name": (HEADER + b"row\ta\ta\n", "two columns are called 'a'"),
    "no name": (HEADER + b"row\t\n", "1 to 200 characters"),
    "too wide": (HEADER + b"row" + b"".join(b"\tc%d" % i for i in range(101)), "101 columns"),
    "negative": (HEADER + b"row\tkind\n-1\todd\n", "line 3: '-1' is not a row number"),
    "beyond": (
        HEADER + b"row\tkind\n300\todd\n",
        "line 3: '300' is not a row number from 0 to 299",
    ),
    "no row": (HEADER + b"row\tkind\n1e2\todd\n", "'1e2' is not a row number"),
    "twice": (HEADER + b"row\tkind\n3\todd\n3\teven\n", "line 4: row 3 occurs a second time"),
    "more cells": (HEADER + b"row\tkind\n3\todd\teven\n", "2 cells, expected at most 1"),
    "control": (HEADER + b"row\tkind\n3\ta\x07b\n", "control character"),
    "endless": (HEADER + b"row\tkind\n3\t" + b"x" * 2000 + b"\n", "1 to 1,000 characters"),
}

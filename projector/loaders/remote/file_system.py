"""A remote file system behind an address: listed, read by ranges, and what that costs.

fsspec and a package for each kind of server do the talking, and find credentials as they always
do: in the environment and in their own files. A range is one version of its object or an error.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote

from projector.errors import LoadError, SaveError
from projector.loaders.remote.addresses import (
    PACKAGES,
    shown_address,
    without_secrets,
)
from projector.loaders.remote.remote_object import RemoteObject, tag_of
from projector.loaders.remote.unread import OutdatedError, UnreadNowError
from projector.machine.byte_size import byte_size
from projector.machine.in_order import in_order
from projector.model.arguments import scheme_of

#: Objects that one request lists; other servers list each folder, or all, by one.
_PAGE = {"s3": 1000, "s3a": 1000, "gs": 1000, "gcs": 1000, "az": 5000, "abfs": 5000}
_WEB = frozenset({"http", "https"})
_S3 = frozenset({"s3", "s3a"})
#: In the names of errors about a server that does not answer, whatever library has them.
_AWAY = re.compile("Connect|Timeout|Endpoint|HTTPClient|Network")
#: Statuses of what is not there, is another version, or is shorter than the range.
_GONE = frozenset({404, 412, 416})
#: Requests that go on at once, and links of a web server's pages that are followed.
N_AT_ONCE = 16
_MOST_LINKS = 100_000
_LONGEST_REASON = 160
#: The largest file that is taken from a web server without ranges, and what is taken at once.
_LARGEST_WHOLE, _PIECE = 1 << 30, 1 << 20
_DENIED = frozenset({401, 403})
CHANGED = (
    "changed while it was read: its object was replaced on the server. Refresh the listing, and "
    "read it again."
)


class _ReplacedError(Exception):
    """The bytes that came are of another version."""


class _NoRangesError(Exception):
    """The server gives whole objects only, and this one is too large for that."""


class RemoteFiles:
    """The objects below an address. Safe from any thread.

    Parameters
    ----------
    address : str
        ``"s3://bucket/runs"``; user, password and query are never shown.

    Attributes
    ----------
    shown : str
        The address without what may be secret.
    n_requests, n_bytes : int
        What was asked of the server so far, and the bytes of objects that came.

    Raises
    ------
    LoadError
        A package is missing, or no file system has this scheme.
    """

    def __init__(self, address: str) -> None:
        self.shown = shown_address(address)
        self.scheme = scheme_of(address)
        self.n_requests = self.n_bytes = 0
        self._lock = threading.Lock()
        #: What was found when it was asked what the address leads to.
        self._known: dict[str, dict[str, Any]] | None = None
        if self.scheme in ("file", "local"):
            raise self._refusal("is a path of this machine. Give it without its scheme.")
        self._fs, self._root = self._opened(address)
        if self.scheme in _WEB:
            self._root = address

    def _opened(self, address: str) -> tuple[Any, str]:
        package = PACKAGES.get(self.scheme, "")
        wanted = f"pip install 'projector[remote]' {package}".strip()
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise self._refusal(f"needs the package fsspec. Install it: {wanted}") from None
        try:
            fs, root = url_to_fs(address, use_listings_cache=False)
            return fs, str(root)
        except ImportError:
            what = f"the package {package}" if package else "another package"
            raise self._refusal(f"needs {what}. Install it: {wanted}") from None
        except ValueError as error:
            known = ", ".join(f"{each}://" for each in ("s3", "gs", "az", "hf", "https"))
            raise self._refusal(
                f"cannot be opened ({_reason(error)}). Give an address such as {known}."
            ) from None
        except Exception as error:  # noqa: BLE001 - the libraries of servers share no class
            self._fail(error, "cannot be opened")

    def is_object(self) -> bool:
        """Tell whether the address leads to one object, rather than to what is below it.

        Where both are there, as servers of objects allow, it leads to what is below.

        Raises
        ------
        LoadError
            It leads to nothing, or the server cannot be asked.
        """
        if self._root.split("?")[0].endswith("/"):
            return False
        if self.scheme in _WEB:
            return self._info(self._root).get("mimetype") != "text/html"
        found = self._find(self._root, deep=True)
        if not found:  # an empty folder, or nothing
            return self._info(self._root).get("type") == "file"
        self._known = None if self._root in found else found
        return self._root in found

    def beside(self) -> tuple[list[RemoteObject], list[str]]:
        """Return the one object that the address leads to, and those beside it; see `all`.

        What is in its folder may belong to it. A web server, or one that shows no folder, gives
        the object alone.
        """
        key = self._root
        above, _, name = key.split("?")[0].rpartition("/")
        if self.scheme not in _WEB:
            try:
                return self._below(above, deep=False)
            except UnreadNowError:
                pass
        made = RemoteObject.of(unquote(name), key, self._info(key))
        return ([], [name]) if made is None else ([made], [])

    def all(self) -> tuple[list[RemoteObject], list[str]]:
        """Return the objects below the address, and the names of those without a size.

        Raises
        ------
        LoadError
            There is nothing, or the server cannot be asked.
        """
        return self._below(self._root, deep=True)

    def _below(self, root: str, *, deep: bool) -> tuple[list[RemoteObject], list[str]]:
        listed = self._listed_web() if self.scheme in _WEB else self._listed(root, deep)
        objects, unknown = [], []
        for name, key, info in listed:
            made = RemoteObject.of(name, key, info)
            if made is None:
                unknown.append(name)
            else:
                objects.append(made)
        return sorted(objects, key=lambda each: each.name), unknown

    def _listed(self, root: str, deep: bool) -> Iterator[tuple[str, str, dict[str, Any]]]:
        known, self._known = self._known, None
        found = known if deep and known is not None else self._find(root, deep=deep)
        start = f"{root.rstrip('/')}/"
        for key, info in found.items():
            if key.startswith(start) and not key.endswith("/") and info.get("type") == "file":
                yield key[len(start) :], key, info

    def _find(self, root: str, *, deep: bool) -> dict[str, dict[str, Any]]:
        """Return what there is below a folder, or the one object that is called so."""
        self._count(1)
        try:
            self._fs.invalidate_cache()
            found = dict(self._fs.find(root, detail=True, maxdepth=None if deep else 1))
        except Exception as error:  # noqa: BLE001 - the libraries of servers share no class
            self._fail(error, "cannot be listed")
        self._count(max(0, (len(found) - 1) // _PAGE.get(self.scheme, len(found) + 1)))
        if root in found or not found:
            self._count(1)  # there is no more than it: its own description was asked for
        return found

    def _listed_web(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Follow the links of a web server's listing that lead further down."""
        root = f"{self._root.split('?')[0].rstrip('/')}/"
        waiting, seen, files = [root], {root}, []
        while waiting:
            for url in self._links(waiting.pop()):
                if url in seen or not url.startswith(root) or "?" in url or "#" in url:
                    continue
                seen.add(url)
                if not url.endswith("/"):
                    files.append(url)
                else:
                    waiting.append(url)
            if len(seen) > _MOST_LINKS:
                raise self._refusal(f"links to more than {_MOST_LINKS:,} others. Name a folder.")
        infos = in_order(self._info, files, N_AT_ONCE)
        for url, info in zip(files, infos, strict=True):
            yield unquote(url[len(root) :]), url, info

    def _links(self, url: str) -> list[str]:
        self._count(1)
        try:
            return [str(each) for each in self._fs.ls(url, detail=False)]
        except Exception as error:  # noqa: BLE001 - the libraries of servers share no class
            self._fail(error, "cannot be listed")

    def _info(self, key: str) -> dict[str, Any]:
        self._count(1)
        try:
            return dict(self._fs.info(key))
        except Exception as error:  # noqa: BLE001 - the libraries of servers share no class
            self._fail(error, "cannot be opened")

    def read(self, path: Path, item: RemoteObject, start: int, stop: int) -> tuple[int, bytes]:
        """Return bytes of one version of an object, and where they start.

        They start at `start` and end at `stop`; where a server gives whole objects only, they are
        all of it.

        Parameters
        ----------
        path : Path
            For the error.
        item : RemoteObject
        start, stop : int
            Within its size.

        Raises
        ------
        UnreadNowError
            The object was replaced, removed or is not given, or the server does not answer.
        """
        self._count(1)
        try:
            data = self._range(item, start, stop)
        except Exception as error:  # noqa: BLE001 - the libraries of servers share no class
            kind = OutdatedError if _is_outdated(error) else UnreadNowError
            raise kind(path, self._why_unread(error, item)) from None
        self._count(0, len(data))
        if len(data) == item.size:
            return 0, data
        if len(data) != stop - start:
            raise UnreadNowError(
                path,
                f"was not read: the server gave {len(data):,} of {stop - start:,} bytes from byte "
                f"{start:,} on. Try again, or copy the object there again.",
            )
        return start, data

    def _range(self, item: RemoteObject, start: int, stop: int) -> bytes:
        if self.scheme in _S3:
            return self._range_of_s3(item, start, stop)
        if self.scheme in _WEB:
            from fsspec.asyn import sync

            return bytes(sync(self._fs.loop, self._range_of_web, item, start, stop))
        data = bytes(self._fs.cat_file(item.key, start=start, end=stop))
        # The listing said before which version it is, and the server says so again now.
        self._count(1)
        if not item.is_still(self._fs.info(item.key)):
            raise _ReplacedError
        return data

    def _range_of_s3(self, item: RemoteObject, start: int, stop: int) -> bytes:
        from fsspec.asyn import sync

        bucket, key, _ = self._fs.split_path(item.key)
        condition = {"IfMatch": item.tag} if item.is_strong else {}
        answer = self._fs.call_s3(
            "get_object",
            Bucket=bucket,
            Key=key,
            Range=f"bytes={start}-{stop - 1}",
            **condition,
            **self._fs.req_kw,
        )
        if tag_of(answer)[0] != item.tag and item.is_strong:
            raise _ReplacedError
        return bytes(sync(self._fs.loop, answer["Body"].read))

    async def _range_of_web(self, item: RemoteObject, start: int, stop: int) -> bytes:
        options = dict(self._fs.kwargs)
        headers = {**options.pop("headers", {}), "Range": f"bytes={start}-{stop - 1}"}
        headers["Accept-Encoding"] = "identity"
        if item.is_strong and item.tag.startswith('"'):
            headers["If-Match"] = item.tag
        session = await self._fs.set_session()
        async with session.get(self._fs.encode_url(item.key), headers=headers, **options) as answer:
            answer.raise_for_status()
            is_part = answer.status == 206
            span = answer.headers.get("Content-Range", "")
            size = span.rpartition("/")[2]
            other_size = size.isdecimal() and int(size) != item.size
            if other_size or (item.tag and tag_of(answer.headers)[0] != item.tag):
                raise _ReplacedError
            if is_part and not span.startswith(f"bytes {start}-"):
                raise ValueError(f"it gave {span!r} for bytes {start}-{stop - 1}")
            if not is_part and item.size > max(_LARGEST_WHOLE, stop - start):
                raise _NoRangesError
            most = stop - start if is_part else item.size
            pieces: list[bytes] = []
            async for piece in answer.content.iter_chunked(_PIECE):
                pieces.append(piece)
                most -= len(piece)
                if most < 0:
                    raise _ReplacedError
            return b"".join(pieces)

    def write(self, path: Path, key: str, content: bytes) -> None:
        """Write an object whole.

        Raises
        ------
        SaveError
            The server does not take it.
        """
        self._count(1)
        try:
            self._fs.pipe_file(key, content)
        except Exception as error:  # noqa: BLE001 - the libraries of servers share no class
            raise self.unsaved(path, error) from None

    def remove(self, path: Path, key: str) -> None:
        """Remove an object; see `write`."""
        self._count(1)
        try:
            self._fs.rm_file(key)
        except FileNotFoundError:
            return
        except Exception as error:  # noqa: BLE001 - the libraries of servers share no class
            raise self.unsaved(path, error) from None

    def unsaved(self, path: Path, error: Exception) -> SaveError:
        """Return the error that says why nothing was written."""
        if isinstance(error, NotImplementedError) or self.scheme in _WEB:
            why = f"{self.scheme}:// addresses can only be read"
        else:
            why = self._why(error)
        return SaveError(path, f"{why}. Keep the tags for this session only, or download them.")

    def key_of(self, name: str) -> str:
        """Return what the file system opens the object of a name by."""
        return f"{self._root.rstrip('/')}/{name}"

    def describe(self, path: Path, name: str) -> RemoteObject | None:
        """Return what the server says of an object now, None if there is none; see `write`."""
        key = self.key_of(name)
        self._count(1)
        try:
            return RemoteObject.of(name, key, self._fs.info(key))
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001 - the libraries of servers share no class
            raise self.unsaved(path, error) from None

    def _count(self, n_requests: int, n_bytes: int = 0) -> None:
        with self._lock:
            self.n_requests += n_requests
            self.n_bytes += n_bytes

    def _refusal(self, what: str) -> LoadError:
        return LoadError(Path(self.shown), f"{self.shown} {what}")

    def _fail(self, error: Exception, what: str) -> NoReturn:
        if isinstance(error, FileNotFoundError) or _status(error) == 404:
            raise self._refusal("leads to nothing. Give an address that exists.") from None
        raise UnreadNowError(
            Path(self.shown), f"{self.shown} {what}: {self._why(error)}."
        ) from None

    def _why_unread(self, error: Exception, item: RemoteObject) -> str:
        if isinstance(error, _ReplacedError) or _status(error) == 412:
            return CHANGED
        if isinstance(error, _NoRangesError):
            return (
                f"was not read: its server gives whole files only, and this one has "
                f"{byte_size(item.size)}. Download it, and open it here."
            )
        if _is_outdated(error):
            return "was removed from the server or shortened there. Refresh the listing."
        return f"was not read: {self._why(error)}."

    def _why(self, error: Exception) -> str:
        """Say in a clause why the server did not do what it was asked."""
        is_denied = isinstance(error, PermissionError) or _status(error) in _DENIED
        if is_denied or type(error).__name__ in ("NoCredentialsError", "LoginError"):
            return (
                f"the server denies access ({_reason(error)}); give credentials as its library "
                "reads them (docs/remote.md)"
            )
        status = _status(error)
        if status is not None:
            return f"the server answered {status} ({_reason(error)})"
        if isinstance(error, OSError) or _AWAY.search(type(error).__name__):
            return f"the server cannot be reached ({_reason(error)}); try again later"
        return f"its library failed ({type(error).__name__}: {_reason(error)}); check the address"


def _is_outdated(error: Exception) -> bool:
    """Tell whether the object is another one than listed, or gone."""
    return isinstance(error, _ReplacedError | FileNotFoundError) or _status(error) in _GONE


def _status(error: BaseException | None) -> int | None:
    """Return the HTTP status that an error is about, if a library keeps it."""
    while error is not None:
        status = getattr(error, "status", None) or getattr(error, "status_code", None)
        if status is None:
            response = getattr(error, "response", None)
            if isinstance(response, dict):
                status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            else:
                status = getattr(response, "status_code", None)
        if isinstance(status, int):
            return status
        error = error.__cause__
    return None


def _reason(error: BaseException) -> str:
    line = without_secrets(str(error).strip().partition("\n")[0])
    return line[:_LONGEST_REASON].strip().rstrip(".") or type(error).__name__

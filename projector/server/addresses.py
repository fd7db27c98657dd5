"""Addresses that a user names: hosts that are answered, pages that may frame, the public URL."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from projector.errors import ParameterError

#: A host name as browsers send it: labels of letters, digits, hyphens and underscores.
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_PATH = re.compile(r"(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class PublicUrl:
    """The address at which others open the page, as `--public-url` names it.

    Attributes
    ----------
    scheme : str
        ``"http"`` or ``"https"``.
    host : str
        The host name, without port; an IPv6 address without brackets.
    port : int or None
        None is the default of the scheme.
    prefix : str
        The path, percent-encoded, without a slash at its end: ``""`` or ``"/projector"``.
    """

    scheme: str
    host: str
    port: int | None
    prefix: str

    @property
    def origin(self) -> str:
        """The origin as a browser writes it."""
        return _origin_text(self.scheme, self.host, self.port)

    @property
    def root(self) -> str:
        """The path of the page as WSGI has it: decoded, without a slash at its end."""
        return unquote(self.prefix, "latin-1")

    def __str__(self) -> str:
        return f"{self.origin}{self.prefix}/"


def is_loopback(host: str) -> bool:
    """Return whether a host name, without port, is a loopback name of this machine."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_path(text: str) -> bool:
    """Return whether a text is the path of an address, percent-encoded, without a slash at its end.

    One that leads somewhere else in a redirect is none: ``//host`` is another server.
    """
    plain = unquote(text)
    segments = plain.split("/")
    leads_away = bool(_CONTROL.search(plain)) or bool({"", ".", ".."} & {*segments[1:]})
    return _PATH.fullmatch(text) is not None and not leads_away


def host_name(host: str) -> str:
    """Return the name in a `Host` header: lower case, without port and without brackets."""
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return name.removeprefix("[").removesuffix("]").lower()


def matches(name: str, allowed: tuple[str, ...]) -> bool:
    """Return whether a host name is allowed; ``".example.com"`` allows every name below it."""
    return any(
        name == each or (each.startswith(".") and (name.endswith(each) or name == each[1:]))
        for each in allowed
    )


def read_host(text: str) -> str:
    """Return a host name that is to be answered, as a browser sends it.

    Parameters
    ----------
    text : str
        A host name or an IP address, without scheme, port and path. With a dot at its start it
        stands for the domain and every name below it.

    Raises
    ------
    ParameterError
        It is none of these. ``"*"`` is none: every web page could then read the data through a
        name of its own.
    """
    below = text.startswith(".")
    try:
        name = _plain_name(text[1:] if below else text)
    except ValueError:
        name = ""
    if not name or (below and (":" in name or "." not in name)):
        raise ParameterError(
            f"--allow-host takes a host name without scheme, port and path, such as "
            f"gpu7.example.com, or .example.com for all names below it. Got {text!r}."
        )
    return f".{name}" if below else name


def read_origin(text: str) -> str:
    """Return the origin of a page that may frame ours, as a browser writes it.

    Parameters
    ----------
    text : str
        Scheme, host and port, without a path: ``"https://hub.example.com"``. The pages of an
        editor have a scheme of their own, which may stand alone: ``"vscode-webview:"``.

    Raises
    ------
    ParameterError
        It is no origin.
    """
    wrong = ParameterError(
        "--allow-frame takes an origin: scheme, host and port without a path, such as "
        "https://hub.example.com, or an editor's scheme alone, such as vscode-webview:. Got "
        f"{text!r}."
    )
    scheme = text.removesuffix(":")
    if scheme != text and _is_editor(scheme):
        return text
    try:
        parts = _split(text)
        if parts.path not in ("", "/"):
            raise wrong
        if parts.scheme in _DEFAULT_PORTS:
            return _origin_text(parts.scheme, _plain_name(parts.hostname or ""), parts.port)
        if not _is_editor(parts.scheme):
            raise wrong
        return f"{parts.scheme}://{_plain_name(parts.hostname or '')}"
    except ValueError:
        raise wrong from None


def _is_editor(scheme: str) -> bool:
    """Return whether a scheme is that of a program: none of the web, and none that any page has."""
    of_the_web = {"data", "blob", "javascript", "about", "file", "filesystem", "ws", "wss"}
    is_scheme = re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) is not None
    return is_scheme and scheme not in of_the_web | _DEFAULT_PORTS.keys()


def read_public_url(text: str) -> PublicUrl:
    """Return the address at which others open the page.

    Raises
    ------
    ParameterError
        It is no http or https URL, or has a user name, a query or a fragment.
    """
    try:
        parts = _split(text)
        if parts.scheme not in _DEFAULT_PORTS:
            raise ValueError(parts.scheme)
        prefix = parts.path.rstrip("/")
        if not is_path(prefix):
            raise ValueError(prefix)
        return PublicUrl(parts.scheme, _plain_name(parts.hostname or ""), parts.port, prefix)
    except ValueError:
        raise ParameterError(
            "--public-url takes an http or https address without user name, query and fragment, "
            f"such as https://hub.example.com/projector/. Got {text!r}."
        ) from None


def _split(text: str) -> SplitResult:
    """Return the parts of a URL that has a host and neither user, query nor fragment.

    An empty query or fragment leaves no trace in the parts, so the text itself is looked at.
    """
    # A browser would remove these, as `urlsplit` does; nobody means them.
    if text != text.strip() or any(letter in text for letter in "\t\r\n?#\\"):
        raise ValueError(text)
    parts = urlsplit(text)
    if not parts.netloc or "@" in parts.netloc or parts.netloc.endswith(":"):
        raise ValueError(text)
    return parts


def _plain_name(text: str) -> str:
    """Return a host name as browsers send it, or raise ValueError."""
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(inner))
    except ValueError:
        pass
    # A name in other letters travels in those of ASCII. UnicodeError is a ValueError.
    name = text.encode("idna").decode("ascii").lower()
    if not _NAME.fullmatch(name) or len(name) > 253:
        raise ValueError(text)
    return name


def _origin_text(scheme: str, host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + ("" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}")

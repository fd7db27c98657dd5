"""How long a connection is waited for. A client that does nothing wrong never notices."""

from __future__ import annotations

#: Seconds until a new connection must have sent something. Browsers open some in advance.
FIRST_BYTE = 60.0
#: Seconds from the first byte of a request to the end of its headers.
HEAD = 20.0
#: Seconds without a byte of a body that has begun.
BODY_PAUSE = 30.0
#: Bytes per second below which a body that has been arriving for `BODY_PAUSE` is given up.
BODY_RATE = 1024.0
#: Seconds in which a reader must take something of what waits for it.
UNREAD = 60.0
#: Seconds without a request on a connection that is kept open.
IDLE = 3600.0
#: After a refusal the rest of the body is thrown away for these seconds or bytes, because closing
#: at once would take the answer away from a client that is still sending.
LINGER = 5.0
LINGER_BYTES = 64 << 20


def request_fault(
    now: float, begun: float, last: float, headers_finished: bool, received: int
) -> str | None:
    """Return why a request that is arriving is given up, or None.

    Parameters
    ----------
    now, begun, last : float
        Now, its first byte and its newest byte, in seconds of one clock.
    headers_finished : bool
    received : int
        Bytes of its body.
    """
    if not headers_finished:
        late = now - begun > HEAD
        return f"The headers did not arrive within {HEAD:.0f} seconds." if late else None
    if now - last > BODY_PAUSE:
        return f"Nothing of the body arrived for {BODY_PAUSE:.0f} seconds."
    if now - begun - BODY_PAUSE > received / BODY_RATE:
        return f"The body arrives with less than {BODY_RATE:.0f} bytes per second."
    return None

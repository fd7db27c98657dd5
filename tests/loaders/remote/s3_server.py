"""An S3 server of the tests' own on the loopback, which counts its requests."""

from __future__ import annotations

import contextlib
import logging
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

#: Keys that no server outside knows.
KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
}


class S3Server:
    """The server; its requests are counted by method.

    Attributes
    ----------
    url : str
    requests : list of (str, str)
        Method and path of each request since `forget`.
    denies : bool
        Whether each is answered with 403.
    """

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import make_server

        self._app = DomainDispatcherApplication(create_backend_app)
        self.requests: list[tuple[str, str]] = []
        self.denies = False
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.requests.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if self.denies:
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return (
                []
                if environ["REQUEST_METHOD"] == "HEAD"
                else [b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"]
            )
        return self._app(environ, start_response)

    def forget(self) -> None:
        """Begin to count anew."""
        self.requests.clear()

    def close(self) -> None:
        """End it: from now on nobody answers at its address."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextlib.contextmanager
def s3_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[S3Server, Any]]:
    """Give a server with one empty bucket, ``bucket``, and a file system to fill it with."""
    import s3fs

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = S3Server()
    for name, value in (*KEYS.items(), ("AWS_ENDPOINT_URL", server.url)):
        monkeypatch.setenv(name, value)
    # What is away is told soon.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    fs = s3fs.S3FileSystem(use_listings_cache=False)
    fs.retries = 1
    # All servers of a process have the same objects.
    reset = urllib.request.Request(f"{server.url}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset).close()
    fs.mkdir("bucket")
    try:
        yield server, fs
    finally:
        s3fs.S3FileSystem.clear_instance_cache()
        with contextlib.suppress(OSError):
            server.close()

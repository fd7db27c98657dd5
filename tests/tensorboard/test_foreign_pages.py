from __future__ import annotations

import pytest

from projector.tensorboard.foreign_pages import is_foreign

POST, GET = {"REQUEST_METHOD": "POST"}, {"REQUEST_METHOD": "GET"}
NAVIGATE = {"HTTP_SEC_FETCH_MODE": "navigate"}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        # A program, not a page.
        ({"HTTP_HOST": "gpu7:6006"}, False),
        ({"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "https://hub.example"}, False),
        ({"HTTP_SEC_FETCH_SITE": "none", **GET, **NAVIGATE}, False),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", **POST}, True),
        ({"HTTP_SEC_FETCH_SITE": "same-site", **GET}, True),
        # A link leads to the page; a form of another site does not.
        ({"HTTP_SEC_FETCH_SITE": "cross-site", **GET, **NAVIGATE}, False),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", **POST, **NAVIGATE}, True),
        # Without encryption only the origin is told.
        ({"HTTP_HOST": "gpu7:6006", "HTTP_ORIGIN": "http://gpu7:6006"}, False),
        ({"HTTP_HOST": "gpu7:6006", "HTTP_ORIGIN": "http://gpu7:8000"}, True),
        ({"HTTP_HOST": "gpu7:6006", "HTTP_ORIGIN": "http://evil.example"}, True),
        ({"HTTP_HOST": "", "HTTP_ORIGIN": "null"}, True),
        ({"HTTP_HOST": "gpu7:6006", "HTTP_ORIGIN": "http://[half"}, True),
        # A proxy has another name, and says so.
        (
            {
                "HTTP_HOST": "localhost:6006",
                "HTTP_X_FORWARDED_HOST": "hub.example, inner",
                "HTTP_ORIGIN": "http://hub.example",
            },
            False,
        ),
    ],
)
def test_a_page_of_another_site_is_told_from_ours(environ: dict[str, str], expected: bool) -> None:
    assert is_foreign(environ) is expected

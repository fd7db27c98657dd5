"""What every loader, method and panel promises, for the tests of those who write one.

Each check is a function that raises `AssertionError` with a sentence. `check_loader`,
`check_method` and `check_panel` run all of them; in a test suite, one test for each tells more::

    import pytest
    from projector.testing import METHOD_CHECKS
    from my_plugin import METHOD

    @pytest.mark.parametrize("check", METHOD_CHECKS, ids=lambda check: check.__name__)
    def test_contract(check):
        check(METHOD)

projector's own formats and methods are held to the same checks. No test framework is needed.
"""

from __future__ import annotations

from projector.testing.loaders import LOADER_CHECKS, check_loader
from projector.testing.methods import METHOD_CHECKS, check_method
from projector.testing.panels import check_panel

__all__ = ["LOADER_CHECKS", "METHOD_CHECKS", "check_loader", "check_method", "check_panel"]

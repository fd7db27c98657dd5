"""Runs the command line: ``python -m projector``."""

from __future__ import annotations

from projector.cli import main

if __name__ == "__main__":
    main()

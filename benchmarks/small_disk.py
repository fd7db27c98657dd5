"""A small file system of its own for a process that is started: one that can be filled."""

from __future__ import annotations

import os
from pathlib import Path

_SHELL = 'mount -t tmpfs -o size={size} tmpfs "$0" && mkdir -p "$0/cache" "$0/logs" && exec "$@"'


def on_small_disk(command: list[str], disk: Path, size: int) -> list[str]:
    """Return the command that runs `command` with a file system of `size` bytes at `disk`.

    Nobody else has it: it is in a mount namespace of its own, and gone when the process is. It has
    the folders ``cache`` and ``logs``. The process that is started becomes the command itself. The
    command ends with an error where the system permits no mount.
    """
    own_user = [] if os.geteuid() == 0 else ["--map-root-user"]
    shell = _SHELL.format(size=size)
    return ["unshare", "--mount", *own_user, "sh", "-c", shell, str(disk), *command]


def seen_from_outside(disk: Path, pid: int) -> Path:
    """Return the path at which others see the file system of a process."""
    return Path(f"/proc/{pid}/root") / disk.relative_to("/")

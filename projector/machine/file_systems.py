"""Which file systems do not report what changes in them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

#: File systems of this machine alone: whatever changes them passes through its kernel. Any other
#: may be changed by another machine, or by a program outside of a container.
_LOCAL = frozenset(
    str.split(
        """
        apfs bcachefs btrfs erofs exfat ext2 ext3 ext4 f2fs fat32 fuseblk hfs hfsplus iso9660 jfs
        msdos nilfs2 ntfs ntfs3 overlay ramfs refs reiserfs rootfs squashfs tmpfs udf ufs vfat xfs
        zfs
        """
    )
)


def silent_file_systems(names: Iterable[Path]) -> tuple[str, ...]:
    """Return the kinds of file systems at and below some paths that report no changes.

    Parameters
    ----------
    names : iterable of Path
        A missing one counts as the folder in which it would be.

    Returns
    -------
    tuple of str
        Such as ``("nfs4",)``; in alphabetical order, empty for local disks.
    """
    mounts = mounted()
    found: set[str] = set()
    for name in names:
        real = os.path.realpath(name)
        above = [each for each in mounts if _is_within(real, each[0])]
        if above:
            # The deepest one, and of several at one place the last one, which hides the others.
            deepest = max(len(place) for place, _ in above)
            found.add([kind for place, kind in above if len(place) == deepest][-1])
        found |= {kind for place, kind in mounts if _is_within(place, real) and place != real}
    return tuple(sorted(kind for kind in found if kind.lower() not in _LOCAL))


def mounted() -> list[tuple[str, str]]:
    """Return the place and the kind of every mounted file system, in the order of mounting."""
    import psutil

    try:
        return [(each.mountpoint, each.fstype) for each in psutil.disk_partitions(all=True)]
    except (OSError, psutil.Error):
        return []


def _is_within(path: str, place: str) -> bool:
    return path == place or path.startswith(place.rstrip("/\\") + os.sep)

"""What the kernel says about other processes. Must not start, stop or signal anything."""

import os
from pathlib import Path


def executable_of(pid: int) -> str:
    """The name of the file process `pid` runs; empty when it is gone, a zombie or not ours to see."""
    try:
        return Path(os.readlink(f"/proc/{pid}/exe")).name.removesuffix(" (deleted)")
    except OSError:
        return ""


def works_in(pid: int, directory: Path) -> bool:
    """Whether the working directory of process `pid` is `directory`."""
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(directory)
    except OSError:
        return False


def start_mark(pid: int) -> str:
    """A text that tells process `pid` from every later one with the same number; empty when it is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()  # the name before the bracket may hold spaces
    return "" if fields[0] in ("Z", "X") else fields[19]

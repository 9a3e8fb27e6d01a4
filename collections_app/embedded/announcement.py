"""What a running server tells the other commands of its home: its process, port, mail catcher and children.

A file in the home directory; believed only while the process that wrote it is alive. Must not import Django.
"""

import json
import os
import signal
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from collections_app.embedded.processes import start_mark


@dataclass
class Announcement:
    """One server. `children` maps each child's process group to its start mark."""

    pid: int
    started: str
    port: int
    base_url: str
    demo: bool
    mail_sink: str
    children: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Nothing; afterwards `path` holds this announcement, whole at every moment."""
        draft = path.with_suffix(f".{self.pid}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file)
        draft.replace(path)

    @property
    def is_alive(self) -> bool:
        """Whether the server that wrote this still runs."""
        return bool(self.started) and start_mark(self.pid) == self.started


def announcement_path(home: Path, dataset: str) -> Path:
    """Where the server of this home and dataset announces itself."""
    return home / (f"server-{dataset}.json" if dataset else "server.json")


def read_announcement(path: Path) -> Announcement | None:
    """What the last server announced, dead or alive; None when there was none."""
    try:
        return Announcement(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def end_leftovers(path: Path) -> list[int]:
    """The process groups a killed server left behind and that were killed now."""
    previous = read_announcement(path)
    if previous is None or previous.is_alive:
        return []
    found = [int(group) for group, mark in previous.children.items() if mark and start_mark(int(group)) == mark]
    for group in found:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    path.unlink(missing_ok=True)
    return found

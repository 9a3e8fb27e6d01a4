"""`python -m collections_app.embedded.health web|beat|mail`: whether the process of this container does its work.

For container health checks, so it needs nothing but the standard library and ends within seconds.
"""

import os
import socket
import sys
import time
import urllib.request
from pathlib import Path

PORT = 8000
BEAT_SCHEDULE = Path("/tmp/beat-schedule")  # noqa: S108 (a private tmpfs in the container)
BEAT_SECONDS = 600  # beat writes its schedule every three minutes


def web() -> bool:
    """Whether the web answers 200 on /healthz."""
    url = f"http://127.0.0.1:{PORT}/healthz"
    request = urllib.request.Request(url, headers={"X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
        return bool(answer.status == 200)


def beat() -> bool:
    """Whether beat wrote its schedule lately."""
    newest = max(path.stat().st_mtime for path in BEAT_SCHEDULE.parent.glob(f"{BEAT_SCHEDULE.name}*"))
    return time.time() - newest < BEAT_SECONDS


def mail() -> bool:
    """Whether the mail catcher greets."""
    port = int(os.environ["COLLECTIONS_MAIL_SINK"].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=4) as door:
        return door.recv(3) == b"220"


CHECKS = {"web": web, "beat": beat, "mail": mail}


def main(arguments: list[str]) -> int:
    """0 when the named process works, 1 when not, 2 for an unknown name."""
    check = CHECKS.get(arguments[0]) if len(arguments) == 1 else None
    if check is None:
        print(f"Name one of {', '.join(CHECKS)}.", file=sys.stderr)
        return 2
    try:
        return 0 if check() else 1
    except (OSError, ValueError, KeyError) as error:
        print(f"{arguments[0]} does not work: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

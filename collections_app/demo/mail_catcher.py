"""The demo's mail server: a real SMTP server that accepts everything, keeps it as files, and sends nothing on.

Started by the supervisor as `python -m collections_app.demo.mail_catcher`. Files are named by arrival, newest last."""

import os
import signal
import sys
import threading
import time
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from collections_app.env import load_environment

KEPT = 2_000
MAX_BYTES = 20 * 1024 * 1024


class MailFolder:
    """A folder with one `.eml` file per caught message."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, content: bytes) -> Path:
        """Where the message now lies, whole: written under another name first, then moved into place."""
        name = f"{time.time_ns():020}-{os.getpid()}-{threading.get_ident()}"
        draft, final = self._folder / f".{name}", self._folder / f"{name}.eml"
        draft.write_bytes(content)
        draft.replace(final)
        self._forget_oldest()
        return final

    def _forget_oldest(self) -> None:
        kept = sorted(self._folder.glob("*.eml"))
        for path in kept[: max(0, len(kept) - KEPT)]:
            path.unlink(missing_ok=True)


class Keeper:
    """The handler aiosmtpd calls for every message."""

    def __init__(self, folder: MailFolder) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content: Any = envelope.original_content or b""
        self._folder.keep(bytes(content))
        subject = BytesParser(policy=policy.default).parsebytes(bytes(content), headersonly=True)["subject"]
        print(f"caught a mail to {', '.join(envelope.rcpt_tos)}: {subject}", flush=True)
        return "250 Message kept"


def main() -> int:
    """0 after SIGTERM. Reads where to listen and where to keep from the configuration."""
    env = load_environment()
    host, _, port = (env.mail_sink or "127.0.0.1:8025").rpartition(":")
    controller = Controller(
        Keeper(MailFolder(env.home / "mailbox")), hostname=host, port=int(port), data_size_limit=MAX_BYTES
    )
    controller.start()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    controller.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A mail server for the measures, in a process of its own: takes every mail and can give back what it took.

python -m tests.bench.mail_sink PORT FILE      appends each mail to FILE, after a line with its length"""

import sys
import threading
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class _Keeper:
    def __init__(self, file: Path) -> None:
        self._file = file.open("ab")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        names = envelope.mail_from.encode(), envelope.rcpt_tos[0].encode()
        self._file.write(b"%d %s %s\n" % (len(envelope.content), *names))
        self._file.write(envelope.content)
        self._file.flush()
        return "250 OK"


def kept(file: Path) -> list[tuple[str, str, bytes]]:
    """Sender, recipient and bytes of every mail in the file."""
    raw, mails, place = file.read_bytes(), [], 0
    while place < len(raw):
        head_end = raw.index(b"\n", place)
        length, sender, recipient = raw[place:head_end].split(b" ")
        place = head_end + 1 + int(length)
        mails.append((sender.decode(), recipient.decode(), raw[head_end + 1 : place]))
    return mails


if __name__ == "__main__":
    controller = Controller(_Keeper(Path(sys.argv[2])), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    print("ready", flush=True)
    threading.Event().wait()

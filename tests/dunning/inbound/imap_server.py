"""A real IMAP server on this machine that knows as much of the protocol as a reader of mail asks for."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Box:
    """Mails by number, and what the server was asked; `broken` closes the line in the middle of a mail."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    password: str = "secret"
    broken: bool = False
    asked: list[str] = field(default_factory=list)
    port: int = 0


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box: Box = self.server.box  # type: ignore[attr-defined]
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline().decode():
            tag, _, rest = line.strip().partition(" ")
            box.asked.append(rest)
            if not self._answer(box, tag, rest):
                return

    def _answer(self, box: Box, tag: str, rest: str) -> bool:
        done = f"{tag} OK done\r\n".encode()
        if rest.startswith("CAPABILITY"):
            self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n" + done)
        elif rest.startswith("LOGIN"):
            right = rest.endswith(f'"{box.password}"')
            self.wfile.write(done if right else f"{tag} NO wrong password\r\n".encode())
        elif rest.startswith("EXAMINE"):
            head = f"* {len(box.mails)} EXISTS\r\n* OK [UIDVALIDITY {box.validity}] valid\r\n".encode()
            self.wfile.write(head + f"{tag} OK [READ-ONLY] done\r\n".encode())
        elif rest.startswith("UID SEARCH"):
            found = re.search(r"UID (\d+):\*", rest)
            first = int(found[1]) if found else 0
            uids = [uid for uid in sorted(box.mails) if uid >= first] or sorted(box.mails)[-1:]
            self.wfile.write(f"* SEARCH {' '.join(map(str, uids))}\r\n".encode() + done)
        elif rest.startswith("UID FETCH"):
            return self._fetch(box, rest, done)
        else:
            self.wfile.write(b"* BYE\r\n" + done)
            return not rest.startswith("LOGOUT")
        return True

    def _fetch(self, box: Box, rest: str, done: bytes) -> bool:
        uid = int(rest.split()[2])
        raw = box.mails.get(uid)
        if raw is None:
            self.wfile.write(done)
        elif "SIZE" in rest:
            self.wfile.write(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})\r\n".encode() + done)
        else:
            part = re.search(r"<0\.(\d+)>", rest)
            raw = raw[: int(part[1])] if part else raw
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode())
            if box.broken:
                self.wfile.write(raw[:10])
                return False
            self.wfile.write(raw + b")\r\n" + done)
        return True


@contextmanager
def imap_server(box: Box) -> Iterator[Box]:
    """The server, running until the end; `box.port` says where."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.box = box  # type: ignore[attr-defined]
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()

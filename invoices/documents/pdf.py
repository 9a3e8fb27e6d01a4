"""PDFs from HTML, made in a child process with limits, so that no document can hurt the one that asked for it.

The child is started at the first document, kept for the next ones (starting WeasyPrint takes over a second), and killed
when it is late. It fetches nothing: no network, no files, only data: URLs. This file knows no invoice and no letter."""

import atexit
import os
import select
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from collections_app.lib.errors import Refusal

_ROOT = Path(__file__).resolve().parents[2]
_DOCUMENTS_PER_CHILD = 500  # then a fresh one, so that a leak in a library never grows


class PdfRefused(Refusal):
    """No PDF came of it. Codes: pdf_engine_missing, pdf_too_slow, pdf_too_large, pdf_failed."""

    default_code = "pdf_failed"


def render_pdf(html: str, *, timeout: float = 30) -> bytes:
    """The PDF of a complete HTML document, with its styles inside and pictures as data: URLs.

    Waits at most `timeout` seconds for it, then kills the child. Raises PdfRefused with a sentence for people."""
    return _press().render(html, timeout)


class _Press:
    """One child and the pipe to it. Documents of several threads take turns."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._made = 0

    def render(self, html: str, timeout: float) -> bytes:
        with self._turn:
            until = time.monotonic() + timeout
            try:
                return self._ask(html.encode("utf-8", "replace"), timeout, until)
            except TimeoutError:
                self.stop()
                raise PdfRefused(
                    f"The document was not finished after {timeout:g} seconds and was stopped. Make it shorter.",
                    code="pdf_too_slow",
                ) from None
            except (EOFError, BrokenPipeError):
                self.stop()
                raise PdfRefused(
                    "The document needed more time or memory than a document may take. Make it shorter or simpler.",
                    code="pdf_too_large",
                ) from None

    def stop(self) -> None:
        """Nothing; the child is gone and its pipes are closed."""
        child, self._child, self._made = self._child, None, 0
        if child is not None:
            child.kill()
            with suppress(BrokenPipeError):
                child.communicate()

    def _ask(self, html: bytes, timeout: float, until: float) -> bytes:
        if self._made >= _DOCUMENTS_PER_CHILD:
            self.stop()
        child = self._running()
        frame = struct.pack(">IH", len(html), max(1, int(timeout))) + html
        _write(child, frame, until)
        length, kind = struct.unpack(">Ic", _read(child, 5, until))
        body = _read(child, length, until)
        self._made += 1
        if kind == b"P":
            return body
        code, _, sentence = body.decode("utf-8", "replace").partition("\n")
        if code in ("pdf_engine_missing", "pdf_too_large"):
            self.stop()
        raise PdfRefused(sentence, code=code)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.stop()
            environ = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
            self._child = subprocess.Popen(
                [sys.executable, "-m", "invoices.documents.press"],
                cwd=_ROOT,
                env=environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert self._child.stdin is not None
            os.set_blocking(self._child.stdin.fileno(), False)
        return self._child


def _write(child: subprocess.Popen[bytes], frame: bytes, until: float) -> None:
    assert child.stdin is not None
    pipe, rest = child.stdin.fileno(), memoryview(frame)
    while rest:
        if not select.select([], [pipe], [], _left(until))[1]:
            raise TimeoutError
        with suppress(BlockingIOError):
            rest = rest[os.write(pipe, rest) :]


def _read(child: subprocess.Popen[bytes], length: int, until: float) -> bytes:
    assert child.stdout is not None
    pipe, parts, missing = child.stdout.fileno(), [], length
    while missing:
        if not select.select([pipe], [], [], _left(until))[0]:
            raise TimeoutError
        part = os.read(pipe, min(missing, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _left(until: float) -> float:
    return max(0.0, until - time.monotonic())


_presses: list[_Press] = []
_starting = threading.Lock()


def _press() -> _Press:
    """This process's press. A forked child must not share its parent's pipe, so it gets one of its own."""
    with _starting:
        if not _presses or _presses[0].pid != os.getpid():
            _presses[:] = [_Press()]
            atexit.register(_presses[0].stop)
        return _presses[0]

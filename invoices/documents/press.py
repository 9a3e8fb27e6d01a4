"""The child process that turns HTML into PDF. It reads one document after another from standard input and answers on
standard output; it must not import Django, open the network or read files that a document names.

Frame in: 4 bytes length, the seconds allowed in 2 bytes, HTML in UTF-8. Frame out: 4 bytes length, one byte 'P' (PDF
follows) or 'E' (a code, a line break and a sentence follow)."""

import resource
import struct
import sys
import time
from typing import Any, BinaryIO

# Measured: 80-150 MB for letters, 180 MB for a statement of 1,000 lines. The limit is for the document that wants all.
MEMORY_BYTES = 512 * 1024 * 1024


def main() -> int:
    """The exit code. Ends when the parent closes the pipe."""
    answers = sys.stdout.buffer
    # Whatever a library prints must not get between the frames.
    sys.stdout = sys.stderr
    try:
        write = _writer()
    except OSError as error:
        _answer(answers, b"E", f"pdf_engine_missing\n{_missing(error)}".encode())
        return 1
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    while True:
        head = sys.stdin.buffer.read(6)
        if len(head) < 6:
            return 0
        length, seconds = struct.unpack(">IH", head)
        html = sys.stdin.buffer.read(length).decode("utf-8")
        _allow_seconds(seconds)
        try:
            _answer(answers, b"P", write(html))
        except MemoryError:
            _answer(answers, b"E", b"pdf_too_large\nThe document needs too much memory. Make it shorter or simpler.")
            return 1
        except Exception as error:  # any fault of one document must be told, and the next one may be fine
            told = f"pdf_failed\nThe document could not be turned into a PDF ({type(error).__name__})."
            _answer(answers, b"E", told.encode())


def _writer() -> Any:
    # Imported here, not above: a missing Pango is an OSError at import, and has to become an answer.
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fonts = FontConfiguration()

    def write(html: str) -> bytes:
        fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
        document = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher)
        made: bytes = document.write_pdf(font_config=fonts)
        return made

    return write


def _missing(error: OSError) -> str:
    return (
        "PDFs need the Pango library. Run `make setup`, or `apt-get install libpangoft2-1.0-0`, "
        f"and restart the program. ({error})"
    )


def _allow_seconds(seconds: int) -> None:
    """Nothing; the kernel ends this process after so many more seconds of computing, even if the parent is gone."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds + 1, hard))


def _answer(answers: BinaryIO, kind: bytes, body: bytes) -> None:
    answers.write(struct.pack(">I", len(body)) + kind + body)
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())

"""The child process that reads a PDF from standard input and writes its text to standard output. It imports no Django,
opens no network and no file; the exit code tells why there is no text (see `pdf`)."""

import io
import resource
import sys

MAX_PAGES = 40
_MOST_TEXT = 2_000_000  # characters
_MEMORY_BYTES = 512 * 1024 * 1024
_CPU_SECONDS = 10
LOCKED, TOO_LONG, DAMAGED, EMPTY = 2, 3, 4, 5


def main() -> int:
    """The exit code."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    content = sys.stdin.buffer.read()
    # Imported after the limits, so that they hold for all it does.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return LOCKED
        if len(reader.pages) > MAX_PAGES:
            return TOO_LONG
        text = "\n".join(page.extract_text(extraction_mode="layout") for page in reader.pages)
    except MemoryError:
        return 1
    except PyPdfError:
        return DAMAGED
    except Exception:  # a damaged file may fail anywhere in a parser; there is nothing to save
        return DAMAGED
    if not text.strip():
        return EMPTY
    sys.stdout.buffer.write(text[:_MOST_TEXT].encode("utf-8", errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

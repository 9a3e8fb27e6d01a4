"""The text of a PDF, read in a child process with little time and memory: what is inside comes from strangers."""

import subprocess
import sys

from collections_app.lib.errors import BadInput
from invoices.remittance_formats.pdf_reader import MAX_PAGES

SECONDS = 15
_SENTENCES = {
    2: "The PDF is locked with a password. Ask the payer for an open one, or enter the invoices by hand.",
    3: f"The PDF has more than {MAX_PAGES} pages. Send only those that list invoices.",
    4: "The PDF is damaged. Ask for it again.",
    5: "The PDF holds no text, only pictures. Enter the invoices by hand.",
}
_TOO_HARD = "The PDF takes too long or too much memory to read. Enter the invoices by hand."


def pdf_text(content: bytes) -> str:
    """The text of its pages, line by line as laid out. Raises BadInput with what to do when there is none to be had."""
    command = [sys.executable, "-m", "invoices.remittance_formats.pdf_reader"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise BadInput(_TOO_HARD, code="pdf_too_hard") from None
    if done.returncode == 0:
        return done.stdout.decode("utf-8", errors="replace")
    sentence = _SENTENCES.get(done.returncode, _TOO_HARD)
    raise BadInput(sentence, code="pdf_refused" if done.returncode in _SENTENCES else "pdf_too_hard")

"""PDFs in a limited child: nothing is fetched, nothing runs away, and the worker lives on."""

import http.server
import threading
import time
from pathlib import Path

import pytest

from invoices.documents.pdf import PdfRefused, render_pdf


def test_a_document_becomes_a_pdf_again_and_again() -> None:
    first, second = render_pdf("<p>One</p>"), render_pdf("<p>Two</p>")
    assert first.startswith(b"%PDF-")
    assert second.startswith(b"%PDF-")
    assert first != second


def test_d63_a_document_can_reach_neither_network_nor_files(tmp_path: Path) -> None:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-words")
    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_port}"
    nested = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{at}/svg'/><image href='file://{secret}'/></svg>"
    try:
        pdf = render_pdf(
            f"<link rel=stylesheet href='{at}/css'><style>@import '{at}/import'; body {{ background: url({at}/back) }}"
            f"@font-face {{ font-family: f; src: url({at}/font) }} p {{ font-family: f }}</style>"
            f"<link rel=attachment href='file://{secret}'><img src='{at}/img'><img src='file://{secret}'>"
            f'<p>text</p><object data="{at}/object"></object>'
            f'<img src="data:image/svg+xml,{nested.replace("#", "%23").replace(chr(34), "%22")}">'
        )
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []
    assert b"the-secret-words" not in pdf


def test_d64_a_document_that_takes_too_long_is_stopped_and_the_next_one_is_made() -> None:
    rows = "".join(f"<tr><td>{n}<td>{n}<td>{n}</tr>" for n in range(50_000))
    begun = time.monotonic()
    with pytest.raises(PdfRefused) as refused:
        render_pdf(f"<table>{rows}</table>", timeout=1)
    assert refused.value.code in ("pdf_too_slow", "pdf_too_large")  # our clock, or the limit on the child's time
    assert time.monotonic() - begun < 5
    assert render_pdf("<p>next</p>").startswith(b"%PDF-")


def test_d64_endless_letters_and_nested_tables_do_not_end_the_press() -> None:
    with pytest.raises(PdfRefused, match="could not be turned into a PDF"):
        render_pdf("<p style='font-size:1e9px'>x</p>", timeout=10)
    assert render_pdf("<table><tr><td>" * 30 + "x", timeout=20).startswith(b"%PDF-")
    assert render_pdf("<p>next</p>").startswith(b"%PDF-")

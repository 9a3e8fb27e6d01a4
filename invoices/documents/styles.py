"""The style sheet of PDFs as text. The PDF writer may fetch nothing, so documents carry it inside."""

from functools import lru_cache

from django.conf import settings


@lru_cache(maxsize=1)
def print_css() -> str:
    """The text of static/css/print-document.css."""
    path = settings.BASE_DIR / "static" / "css" / "print-document.css"
    return str(path.read_text(encoding="utf-8"))

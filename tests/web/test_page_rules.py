"""Rules all templates and style sheets keep: strict policy, known icons, one place for colours, budgets."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from collections_app.web.templatetags.web import icon

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static/css").rglob("*.css"))
# Writing markup from texts. The name alone is also a way of swapping that htmx is asked for.
WRITES_MARKUP = r"\beval\(|new Function|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write"
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
# Letters and mails are read outside the site, where its style sheets do not reach.
DOCUMENT = re.compile(r"/(mail|mails|letters?|documents?|evidence|pdf)/|print_base|letter|_mail|_pdf\.html")


def pages() -> list[Path]:
    return [path for path in TEMPLATES if not DOCUMENT.search(f"/{path.relative_to(ROOT)}")]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_can_be_read(path: Path) -> None:
    assert get_template(str(path.relative_to(ROOT / "templates"))) is not None


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_page_carries_inline_style_or_script(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=\"|javascript:|\shx-on", text) == []
    assert [
        tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "application/json" not in tag
    ] == []


def test_every_icon_named_in_a_template_exists() -> None:
    names = {name for path in TEMPLATES for name in re.findall(r"{%\s*icon\s+\"([a-z0-9-]+)\"", path.read_text())}
    assert all("<svg" in icon(name) for name in names)


def test_only_the_tokens_and_the_paper_name_colours() -> None:
    allowed = {"tokens.css", "print-document.css", "print.css"}
    named = {p.name: re.findall(r"#[0-9a-fA-F]{3,8}\b", p.read_text()) for p in SHEETS if p.name not in allowed}
    literal = {
        name: [c for c in found if c != "#fff" and not name.startswith("dialog")] for name, found in named.items()
    }
    assert {name: found for name, found in literal.items() if found} == {}


def test_style_sheets_and_scripts_stay_within_their_budget() -> None:
    def packed(paths: list[Path]) -> int:
        return len(gzip.compress(b"".join(path.read_bytes() for path in paths), 9))

    assert packed(SHEETS) <= 30_000
    assert packed(SCRIPTS) <= 60_000


def test_scripts_evaluate_no_text() -> None:
    for path in SCRIPTS:
        assert re.findall(WRITES_MARKUP, path.read_text()) == [], path.name

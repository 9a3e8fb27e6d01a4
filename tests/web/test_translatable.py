"""Every word on a page can be translated (U91): no template has text outside of `translate` and `blocktranslate`."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR) / "templates"
# Mails, letters and papers are written per language; the style guide is for developers, the demo speaks English.
OTHERWISE = re.compile(
    r"(^|/)(mail|mails|letters?|documents?|evidence|pdf|demo|api|standard)/|styleguide\.html$"
    r"|allauth/elements/(button|img)\.html$"
)
NAMES = {
    "Enter",
    "Esc",
    "IBAN",
    "PDF",
    "ECB",
    "TEST",
    "CSV",
    "XLSX",
    "BIC",
    "JSON",
    "ZIP",
    "E-Mail",
}  # the same everywhere
# What stands between the tags of a page and is no word on it.
QUIET = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{%\s*blocktranslate.*?endblocktranslate\s*%}|{#.*?#}|<!--.*?-->"
    r"|{%\s*block page_class\s*%}.*?{%\s*endblock\s*%}|<(script|style|kbd|code)\b.*?</\1>|&\w+;",
    re.DOTALL,
)
TAG = re.compile(r"<(?=[a-zA-Z/!])(?:{%.*?%}|{{.*?}}|[^<>])*>", re.DOTALL)
ATTRIBUTE = re.compile(r'\b(?:aria-label|placeholder|alt|data-key-label|title)="([^"]*)"')
WORD = re.compile(r"[^\W\d_]{2,}")


def pages() -> list[str]:
    names = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
    return [name for name in names if not OTHERWISE.search(name)]


@pytest.mark.parametrize("name", pages())
def test_u91_every_word_of_a_page_can_be_translated(name: str) -> None:
    text = QUIET.sub("", (ROOT / name).read_text())
    attributes = [value for tag in TAG.findall(text) for value in ATTRIBUTE.findall(tag)]
    between = re.split(r"{%.*?%}|{{.*?}}|\n", TAG.sub("\n", text))
    said = [re.sub(r"{%.*?%}|{{.*?}}", " ", piece) for piece in (*attributes, *between)]
    assert [piece for piece in said if set(WORD.findall(piece)) - NAMES] == []

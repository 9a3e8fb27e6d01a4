"""R18: every text a payer sees exists in every language, and the compiled catalogues are those that were written."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

ROOT: Path = settings.BASE_DIR
LOCALES = ROOT / "invoices" / "locale"
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
TEMPLATES = [ROOT / "templates" / "pay", ROOT / "templates" / "documents"]
PYTHON = ["forms/payer.py", "forms/files.py", "forms/pay_choice.py", "documents/mail.py", "documents/statement.py",
          "views/pay.py",
          "views/pay_requests.py", "views/payer_gate.py", "views/payer_pdf.py",
          "views/gateway_checkout.py"]  # fmt: skip
CALL = re.compile(r"""\b_?(?:gettext|ngettext|_)\(\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
# Words that are the same in another language, as they are.
ALIKE = {
    "de": {"Pos."},
    "fr": {"Message", "Net", "Pos.", "Total", "Date"},
    "es": {"Error:", "Pos.", "Total"},
    "nl": {"Pos."},
}


def used() -> set[str]:
    """Every message id in the payer's templates and in the code that speaks to payers."""
    sources = [templatize(path.read_text()) for folder in TEMPLATES for path in folder.rglob("*.*")]
    sources += [(ROOT / "invoices" / name).read_text() for name in PYTHON]
    return {eval(found) for source in sources for found in CALL.findall(source)}  # noqa: S307 (string literals of ours)


def written(language: str) -> Catalog:
    """The catalogue as it was written."""
    with (LOCALES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def forms(value: object) -> list[str]:
    """A text, or a text with its plural, as a list."""
    return [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]


def words(catalogue: Catalog) -> dict[str, list[str]]:
    """First form of each message id -> its forms in the other language."""
    return {forms(message.id)[0]: forms(message.string) for message in catalogue if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_r18_every_text_has_its_words(language: str) -> None:
    known = {id_ for id_, texts in words(written(language)).items() if all(texts)}
    assert len(used()) > 100
    assert used() - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_r18_no_text_was_left_in_english(language: str) -> None:
    same = {id_ for id_, texts in words(written(language)).items() if texts[0] == id_}
    assert same == ALIKE[language]


def test_all_languages_have_the_same_texts() -> None:
    assert len({frozenset(words(written(language))) for language in LANGUAGES}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_in_both_languages(language: str) -> None:
    names = re.compile(r"%\(\w+\)s")
    for id_, texts in words(written(language)).items():
        assert all(set(names.findall(id_)) == set(names.findall(text)) for text in texts), id_


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_current(language: str) -> None:
    with (LOCALES / language / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        assert words(written(language)) == words(read_mo(compiled)), "pybabel compile -D django -d invoices/locale"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_program_speaks_it(language: str) -> None:
    with override(language):
        assert gettext("View and pay") == words(written(language))["View and pay"][0]

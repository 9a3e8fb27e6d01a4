"""Every text a payer sees exists in German, and the compiled catalogue is the one that was written."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Path = settings.BASE_DIR
FOLDER = ROOT / "invoices" / "locale" / "de" / "LC_MESSAGES"
TEMPLATES = [ROOT / "templates" / "pay", ROOT / "templates" / "documents"]
PYTHON = ["forms/payer.py", "forms/pay_choice.py", "documents/mail.py", "documents/statement.py", "views/pay.py",
          "views/pay_requests.py", "views/payer_gate.py", "views/payer_pdf.py",
          "views/gateway_checkout.py"]  # fmt: skip
CALL = re.compile(r"""\b_?(?:gettext|ngettext|_)\(\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def used() -> set[str]:
    """Every message id in the payer's templates and in the code that speaks to payers."""
    sources = [templatize(path.read_text()) for folder in TEMPLATES for path in folder.rglob("*.*")]
    sources += [(ROOT / "invoices" / name).read_text() for name in PYTHON]
    return {eval(found) for source in sources for found in CALL.findall(source)}  # noqa: S307 (string literals of ours)


def test_every_text_has_its_german_words() -> None:
    with (FOLDER / "django.po").open("rb") as file:
        catalogue = read_po(file)
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue if message.string}
    assert len(used()) > 100
    assert used() - known == set()


def test_placeholders_are_the_same_in_both_languages() -> None:
    with (FOLDER / "django.po").open("rb") as file:
        catalogue = read_po(file)
    names = re.compile(r"%\(\w+\)s")
    for message in catalogue:
        if message.id and isinstance(message.id, str):
            assert set(names.findall(message.id)) == set(names.findall(str(message.string))), message.id


def forms(value: object) -> list[str]:
    """A text, or a text with its plural, as a list."""
    return [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]


def words(catalogue: Catalog) -> dict[str, list[str]]:
    """First form of each message id -> its German forms."""
    return {forms(message.id)[0]: forms(message.string) for message in catalogue if message.id}


def test_the_compiled_catalogue_is_current() -> None:
    with (FOLDER / "django.po").open("rb") as written, (FOLDER / "django.mo").open("rb") as compiled:
        assert words(read_po(written)) == words(read_mo(compiled)), "pybabel compile -D django -d invoices/locale"

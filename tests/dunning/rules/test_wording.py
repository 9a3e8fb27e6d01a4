"""R18: no label is missing in any language, and none was left in another one."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from dunning.rules.letter import Letter, Line, Seller, write
from dunning.rules.templates import Place, problems_of
from dunning.rules.wording import WORDS, Words, language_of

LANGUAGES = ("en", "de", "fr", "es", "nl")
SAME = {"iban", "bic", "colon"}  # alike everywhere, or nearly
FILES = sorted((settings.BASE_DIR / "templates" / "dunning").glob("st*/**/*.txt"))
# Words that betray English, and those of them that another language has as well.
_ENGLISH = (
    "the and you your invoice invoices due open please pay paid payment reminder days day late dated total amount "
    "account holder reference number customer kind regards dear hello by with this that is are not have has been "
    "fee interest credits see tell us wrong date telephone page last still message sorry"
)
ENGLISH = set(re.findall(r"\w+", _ENGLISH))
OURS: dict[str, set[str]] = {
    "de": set(),
    "fr": {"message", "total", "date", "page"},
    "es": {"total", "has"},
    "nl": {"is", "open", "late"},
}


def letter(language: str) -> Letter:
    day = date(2026, 3, 2)
    lines = [
        Line("4711", day, day, Decimal("1234.50"), Decimal("1000.00"), 9),
        Line("4712", day, day, Decimal("10.00"), Decimal("10.00"), 1, "Zonnig"),
    ]
    seller = Seller("Nordwind", "Kai 1", "DE89370400440532013000", "COBADEFF", "", "x@nordwind.example", "040 1")
    return Letter(
        language, "EUR", Decimal("1015.00"), Decimal("5.00"), lines, seller, "Meyer", "C1", "Weg 1", "Pat", day, day,
        "https://zahl.example/t/", fee=Decimal("10.00"), interest=Decimal("2.00"), held=[("4713", Decimal("7.00"))],
    )  # fmt: skip


def test_every_language_has_every_label() -> None:
    assert set(WORDS) == set(LANGUAGES) == {code for code, _ in settings.LANGUAGES}
    assert {len(words) for words in WORDS.values()} == {len(Words._fields)}
    assert all(label.strip() for words in WORDS.values() for label in words)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_label_was_left_in_english(language: str) -> None:
    english, other = WORDS["en"]._asdict(), WORDS[language]._asdict()
    same = {name for name in english if english[name] == other[name]} - SAME
    assert same <= {"total", "date", "mail", "page"}, same
    for name in english:
        assert set(re.findall(r"\{\w+\}", english[name])) == set(re.findall(r"\{\w+\}", other[name])), name


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_r18_a_whole_notice_has_no_english_word_in_another_language(file: object) -> None:
    stage, channel, language, _ = file.name.split(".")  # type: ignore[attr-defined]
    subject, _, body = file.read_text(encoding="utf-8").partition("\n\n")  # type: ignore[attr-defined]
    assert problems_of(subject, body, Place(language, stage, channel)) == []
    made = letter(language)
    written = write(made, subject, body)
    assert "{{" not in written.text + written.subject
    if language == "en":
        return
    text = re.sub(r"https?://\S+", "", f"{written.subject}\n{written.text}\n{made.footer}")
    left = set(re.findall(r"\w+", text.lower())) & ENGLISH - OURS[language]
    assert not left, left
    html = set(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", written.html).lower())) & ENGLISH - OURS[language]
    assert not html, html


@pytest.mark.parametrize(
    ("language", "amount", "day"),
    [
        ("en", "€1,015.00", "2 Mar 2026"),
        ("de", "1.015,00 €", "2. März 2026"),
        ("fr", "1 015,00 €", "2 mars 2026"),
        ("es", "1.015,00 €", "2 mar 2026"),
        ("nl", "€ 1.015,00", "2 mrt 2026"),
    ],
)
def test_r18_amounts_and_dates_are_written_as_in_the_language(language: str, amount: str, day: str) -> None:
    written = write(
        letter(language), "{{amount}}, {{pay_by}}", "{{amount}}, {{pay_by}}\n\n{{invoice_table}}\n{{pay_link}}"
    )
    plain = re.sub(r"[\u00a0\u202f]", " ", written.text)
    assert f"{amount}, {day}" in plain
    assert re.sub(r"[\u00a0\u202f]", " ", written.subject) == f"{amount}, {day}"


def test_every_stage_and_channel_has_words_in_every_language() -> None:
    places: dict[tuple[str, str, str], set[str]] = {}
    for file in FILES:
        stage, channel, language, _ = file.name.split(".")
        places.setdefault((file.parent.name, stage, channel), set()).add(language)
    assert {frozenset(have) for have in places.values()} == {frozenset(LANGUAGES)}
    standard = {(stage, channel) for folder, stage, channel in places if folder == "standard"}
    assert {stage for stage, channel in standard if channel == "email"} == {
        "preventive", "early", "late", "final", "apology"}  # fmt: skip
    assert {(stage, "letter") for stage in ("late", "final", "apology")} <= standard


def test_informal_words_are_followed_by_an_informal_footer() -> None:
    for language in ("de", "fr", "es", "nl"):
        assert WORDS[language].footer != WORDS[language].footer_informal


def test_a_language_we_cannot_write_becomes_english() -> None:
    assert [language_of(code) for code in ("de-AT", "fr_CA", "pt", "", "NL")] == ["de", "fr", "en", "en", "nl"]

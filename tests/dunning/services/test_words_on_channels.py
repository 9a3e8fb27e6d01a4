"""What a notice looks like on each channel: a mail has a frame, a letter a sheet, a short message only its words."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.html import escape
from pytest_django import Settings

from dunning.models import Notice, NoticeTemplate
from dunning.queries.words import current_templates, gaps_of
from dunning.rules.facts import AskedItem, OpenItem
from dunning.services.compose import Composed, Figures, compose
from dunning.services.install_policy import install_standard_policy, install_templates
from tests import factories
from tests.dunning.rules.test_wording import ENGLISH, OURS
from tests.factories import DAY

pytestmark = pytest.mark.django_db

LANGUAGES = ["en", "de", "fr", "es", "nl"]


def composed(template: NoticeTemplate, **fields: object) -> Composed:
    entity = factories.entity(phone="040 123")
    who = factories.customer(entity=entity, name="Meyer & <Söhne>", address="Weg 1\n80331 München")
    due = DAY - timedelta(days=9)
    item = OpenItem(1, "R-7", entity.pk, due - timedelta(days=30), due, Decimal("1234.50"))
    notice = Notice(
        customer=who, entity=entity, channel=template.channel, currency="EUR", stage=template.stage, step_name="Step",
        language=template.language, template=template, as_of=DAY, **fields,
    )  # fmt: skip
    figures = Figures([AskedItem(item, item.open, 9)], item.open, Decimal(0), DAY)
    return compose(notice, figures, link="https://pay.example/t/x/", sellers={entity.pk: entity})


def template(stage: str, channel: str, language: str) -> NoticeTemplate:
    install_templates("")
    return NoticeTemplate.objects.get(stage=stage, channel=channel, language=language, is_current=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_is_its_words_with_the_address_and_fits(settings: Settings, language: str) -> None:
    settings.DUNNING_CHANNELS = ["dunning.channels.sms.SmsChannel"]
    for stage in ("preventive", "early", "late", "final"):
        made = composed(template(stage, "sms", language))
        assert made.text.count("https://pay.example/t/x/") == 1
        assert len(made.text.replace("https://pay.example/t/x/", "")) <= 306  # two parts of a text message
        assert "--" not in made.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_is_written_in_text_and_html_with_the_same_figures(language: str) -> None:
    made = composed(template("late", "email", language))
    for shown in ("R-7", "https://pay.example/t/x/", "Nordwind Handel GmbH", "040 123"):
        assert shown in made.text
        assert shown in made.html
    assert f'lang="{language}"' in made.html
    assert '<meta name="color-scheme" content="light dark">' in made.html
    assert "prefers-color-scheme: dark" in made.html
    assert "Meyer & <Söhne>" in made.text
    assert escape("Meyer & <Söhne>") in made.html
    assert "<Söhne>" not in made.html


@pytest.mark.parametrize("channel", ["email", "letter"])
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_r18_a_whole_mail_and_letter_with_frame_and_subject_has_no_english_word(language: str, channel: str) -> None:
    made = composed(template("final", channel, language), fee_amount=Decimal("5.00"), interest_amount=Decimal("2.10"))
    seen = re.sub(r"<(style|title).*?</\1>|<[^>]+>", " ", made.html, flags=re.DOTALL)
    for text in (made.subject, made.text, seen):
        bare = re.sub(r"https?://\S+|\S+@\S+", "", text).lower()
        left = set(re.findall(r"\w+", bare)) & ENGLISH - OURS[language]
        assert not left, left


def test_a_fee_is_part_of_what_is_asked_for_and_stands_in_the_table() -> None:
    made = composed(template("late", "email", "en"), fee_amount=Decimal("5.00"), interest_amount=Decimal("2.10"))
    assert "€1,239.50" in made.subject
    assert "Reminder fee: EUR\u00a05.00" in made.text
    assert "Interest so far, not part of the total: EUR\u00a02.10" in made.text


def test_a_persons_own_words_go_before_the_templates() -> None:
    words = {"written_subject": "About {{amount}}", "written_body": "As agreed on the telephone.\n\n{{invoice_table}}"}
    made = composed(template("late", "email", "en"), **words)
    assert made.subject == "About €1,234.50"
    assert "As agreed on the telephone." in made.text


def test_informal_words_have_an_informal_footer() -> None:
    words = template("early", "email", "de")
    assert "Wenn Sie inzwischen bezahlt haben" in composed(words).text
    words.body = "Hallo, bitte denk an deine Rechnung.\n\n{{invoice_table}}\n\n{{pay_link}}"
    assert "Wenn du inzwischen bezahlt hast" in composed(words).text


def test_r18_the_readers_language_goes_before_the_steps_own_words() -> None:
    install_templates("")
    install_templates("services")
    NoticeTemplate.objects.filter(key="services", language="fr").delete()
    book = current_templates()
    place = {"key": "services", "stage": "late", "channel": "email"}
    for wanted, key in (("de", "services"), ("fr", ""), ("nl-BE", "services")):
        language, found = book.pick(**place, languages=(wanted, "en"))
        assert found is not None
        assert (language, found.key) == (wanted[:2], key)
    assert book.pick(**place, languages=("pt", "de"))[0] == "en"


def test_a_policy_says_where_words_are_missing() -> None:
    policy = install_standard_policy(factories.entity())
    assert gaps_of(policy) == []
    NoticeTemplate.objects.filter(stage="final", channel="letter", language__in=["fr", "nl"]).delete()
    assert gaps_of(policy) == ["“Final letter” has no words in fr, nl; English is used there."]

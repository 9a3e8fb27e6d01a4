"""The template editor: what is refused, what is asked back, what the preview shows, and what a test sends (U26)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from collections_app.audit.models import AuditEntry
from dunning.models import AddressMode, Notice, NoticeTemplate, Policy
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db

BODY = "Hello {{contact_name}},\n\n{{invoice_table}}\n\n{{pay_link}}\n\n{{seller_name}}"


def current(stage: str = "early", channel: str = "email", language: str = "en", key: str = "") -> NoticeTemplate:
    return NoticeTemplate.objects.get(stage=stage, channel=channel, language=language, key=key, is_current=True)


def url(template: NoticeTemplate, name: str = "dunning_template") -> str:
    return reverse(name, args=[template.pk])


@pytest.fixture
def lead(client: Client, cast: Cast, policy: Policy) -> Client:
    client.force_login(cast.lead)
    return client


def test_saving_words_makes_a_new_version_and_keeps_the_old(lead: Client, cast: Cast) -> None:
    old, count = current(), NoticeTemplate.objects.count()
    words = {"subject": "About {{amount}}", "body": f"50 % of $1,200\n\n{BODY}"}
    assert "Example customer" in lead.post(url(old), {**words, "preview": "1"}).content.decode()
    assert NoticeTemplate.objects.count() == count
    lead.post(url(old), words)
    assert (current().version, current().edited_by) == (2, cast.lead)
    assert not NoticeTemplate.objects.get(pk=old.pk).is_current


def test_d65_bad_words_are_refused_with_their_line(lead: Client) -> None:
    response = lead.post(url(current()), {"subject": "x", "body": f"one\n{{% load os %}}\n{BODY}"})
    assert response.status_code == 422
    assert "Line 2" in response.content.decode()
    assert current().version == 1


def test_d84_a_line_break_in_the_subject_is_refused(lead: Client) -> None:
    response = lead.post(url(current()), {"subject": "x\r\nBcc: all@example.com", "body": BODY})
    assert response.status_code == 422
    assert "one line" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "line", "told"),
    [
        ("en", "We will call the police.", "sounds like a threat"),
        ("en", "We will go to court.", "final stage only"),
        ("de", "Bitte zahl deine Rechnung.", "addressed as “Sie”"),
    ],
)
def test_what_sounds_wrong_is_asked_back_and_kept_in_the_history(
    lead: Client, language: str, line: str, told: str
) -> None:
    words = {"subject": "x", "body": f"{line}\n{BODY}"}
    template = current(language=language)
    response = lead.post(url(template), words)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert "I have read the warnings" in response.content.decode()
    assert current(language=language).version == 1
    lead.post(url(template), {**words, "anyway": "1"})
    assert current(language=language).version == 2
    entry = AuditEntry.objects.filter(action="template.saved").latest("pk")
    assert told in str(entry.payload)


def test_words_without_a_pay_link_are_asked_back(lead: Client) -> None:
    response = lead.post(url(current()), {"subject": "x", "body": "{{invoice_table}}"})
    assert response.status_code == 422
    assert "no pay link" in response.content.decode()


def test_d44_the_preview_with_a_customer_is_what_is_sent(lead: Client, policy: Policy) -> None:
    who = factories.customer(name="Meyer <b>Anlagenbau</b>")
    factories.invoice(who, "1234.50", due_on=DAY - timedelta(days=1), number="R-7")
    template = current()
    page = lead.get(url(template), {"customer": who.pk}).context["preview"]
    run_on(policy)
    deliver()
    sent = Notice.objects.get()
    assert sent.template == template
    assert (page.subject, page.note) == (sent.subject, "")
    assert page.text == sent.body_text
    assert page.html == sent.body_html
    without_link = [re.sub(r"https?://\S+/pay/\S+", "", str(text)) for text in (mail.outbox[0].body, page.text)]
    assert without_link[0] == without_link[1]


def test_a_customer_who_gets_nothing_today_is_shown_with_the_reason(lead: Client) -> None:
    who = factories.customer()
    factories.invoice(who, due_on=DAY + timedelta(days=20), number="R-8")
    shown = lead.get(url(current()), {"customer": who.pk}).content.decode()
    assert "Today nothing would go out" in shown
    assert "R-8" in shown
    assert "nothing open" in lead.get(url(current()), {"customer": factories.customer().pk}).content.decode()


def test_u30_customers_are_found_by_name_within_ones_own_team(lead: Client, cast: Cast, client: Client) -> None:
    who = factories.customer(name="Bergmann Optik")
    answer = lead.post(url(current()), {"subject": "x", "body": BODY, "preview": "1", "find": "bergm"})
    assert f'value="{who.pk}"' in answer.content.decode()
    client.force_login(cast.stranger)
    assert "Bergmann" not in client.get(url(current()), {"find": "bergm"}).content.decode()
    assert "Bergmann" not in client.get(url(current()), {"customer": who.pk}).content.decode()


def test_while_typing_htmx_gets_the_preview_alone_with_the_problems(lead: Client) -> None:
    words = {"subject": "x", "body": "{{unknown}}\n" + BODY, "preview": "1"}
    answer = lead.post(url(current()), words, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "There is no placeholder {{unknown}}" in answer.content.decode()
    assert "<form" not in answer.content.decode()


def test_u26_a_customer_without_the_data_says_what_is_missing(lead: Client) -> None:
    who = factories.customer()
    factories.invoice(who, due_on=DAY - timedelta(days=1))
    who.entity.name = " "
    who.entity.save()
    words = {"subject": "x", "body": "{{seller_name}}\n\n" + BODY, "customer": str(who.pk)}
    page = lead.post(url(current()), words).content.decode()
    assert "Nothing can take the place of {{seller_name}}" in page
    assert "<mark>{{seller_name}}</mark>" in page


def test_the_menu_adds_a_placeholder_where_no_script_runs(lead: Client) -> None:
    answer = lead.post(url(current()), {"subject": "x", "body": "Hello", "insert": "days_late"}).content.decode()
    assert "Hello {{days_late}}" in answer
    answer = lead.post(url(current()), {"subject": "x", "body": "Hello", "insert": "bank_details"}).content.decode()
    assert "Hello\n\n{{bank_details}}" in answer


def test_u30_an_old_version_comes_back_as_a_new_one(lead: Client) -> None:
    old = current()
    lead.post(url(old), {"subject": "Other", "body": BODY})
    assert "This is an old version" in lead.get(url(old)).content.decode()
    lead.post(url(old, "dunning_template_restore"))
    assert (current().version, current().subject, current().body) == (3, old.subject, old.body)


def test_u30_a_test_goes_to_the_writer_alone(lead: Client, cast: Cast) -> None:
    who = factories.customer(name="Meyer")
    factories.invoice(who, due_on=DAY - timedelta(days=1), number="R-9")
    words = {"subject": "About {{amount}}", "body": BODY, "for": str(who.pk), "test": "1"}
    assert cast.lead.email in lead.post(url(current()), words).content.decode()
    (sent,) = mail.outbox
    assert sent.to == [cast.lead.email]
    assert sent.subject.startswith("[Test] About €")
    assert "R-9" in sent.body
    assert Notice.objects.count() == 0
    assert current().version == 1


def test_u30_a_test_of_a_letter_brings_its_pdf(lead: Client) -> None:
    template = current("late", "letter")
    lead.post(url(template), {"subject": template.subject, "body": template.body, "test": "1"})
    ((name, content, kind),) = [tuple(part) for part in mail.outbox[0].attachments]
    assert (name, kind) == ("letter.pdf", "application/pdf")
    assert bytes(content).startswith(b"%PDF")


def test_the_mail_is_shown_as_the_customer_sees_it_with_no_script(lead: Client) -> None:
    answer = lead.post(url(current(), "dunning_template_mail"), {"subject": "x", "body": BODY})
    assert "prefers-color-scheme: dark" in answer.content.decode()
    assert "script-src 'none'" in answer["Content-Security-Policy"]


def test_a_viewer_reads_and_does_not_write(client: Client, cast: Cast, policy: Policy) -> None:
    client.force_login(cast.viewer)
    assert "Save as a new version" not in client.get(url(current())).content.decode()
    for address in (url(current()), url(current(), "dunning_template_restore"), reverse("dunning_template_new")):
        assert client.post(address, {"subject": "x", "body": BODY}).status_code == 403


def test_a_step_asks_for_words_of_its_own_by_key(lead: Client, policy: Policy) -> None:
    place = {"key": "key-accounts", "stage": "early", "channel": "email", "language": "en"}
    answer = lead.post(reverse("dunning_template_new"), place)
    own = current(key="key-accounts")
    assert answer["Location"] == url(own)
    lead.post(url(own), {"subject": "Dear friend: {{amount}}", "body": BODY})
    policy.steps.filter(position=2).update(words="key-accounts")
    english, german = factories.customer(), factories.customer(language="de")
    for who in (english, german):
        factories.invoice(who, due_on=DAY - timedelta(days=1))
    run_on(policy)
    deliver()
    assert Notice.objects.get(customer=english).subject.startswith("Dear friend")
    assert Notice.objects.get(customer=german).subject.startswith("Erinnerung")  # R18: the language comes first


def test_a_key_of_strange_signs_is_refused(lead: Client) -> None:
    place = {"key": "Key Accounts!", "stage": "early", "channel": "email", "language": "en"}
    answer = lead.post(reverse("dunning_template_new"), place)
    assert answer.status_code == 422
    assert "small letters" in answer.content.decode()


def test_the_way_to_address_people_is_settled_once(lead: Client) -> None:
    lead.post(reverse("dunning_address_modes"), {"informal": ["de"]})
    assert AddressMode.objects.get(language="de").informal
    template = current(language="de")
    told = lead.post(url(template), {"subject": template.subject, "body": template.body}).content.decode()
    assert "addressed as “du”" in told
    lead.post(reverse("dunning_address_modes"), {})
    assert not AddressMode.objects.get(language="de").informal


def test_the_table_has_a_column_for_each_language_and_offers_what_is_missing(lead: Client) -> None:
    NoticeTemplate.objects.filter(language="nl", stage="early", channel="email").delete()
    page = lead.get(reverse("dunning_templates")).content.decode()
    assert "Nederlands" in page
    assert re.search(r"Write<span[^>]*> Early, E-mail, nl<", page)


def test_a_customer_once_chosen_stays_while_one_types_and_the_search_is_over(lead: Client) -> None:
    who = factories.customer(name="Bergmann Optik")
    factories.invoice(who, due_on=DAY - timedelta(days=1), number="R-11")
    words = {"subject": "x", "body": BODY, "find": "bergm"}
    chosen = lead.post(url(current()), {**words, "customer": str(who.pk)}).content.decode()
    assert "R-11" in chosen
    assert f'name="for" value="{who.pk}"' in chosen
    assert 'name="customer"' not in chosen
    typed = lead.post(url(current()), {**words, "for": str(who.pk), "preview": "1"}, headers={"HX-Request": "true"})
    assert "R-11" in typed.content.decode()
    assert 'name="customer"' not in typed.content.decode()
    again = lead.post(
        url(current()),
        {**words, "for": str(who.pk), "preview": "1"},
        headers={"HX-Request": "true", "HX-Trigger-Name": "find"},
    )
    assert 'name="customer"' in again.content.decode()


@pytest.mark.parametrize("odd", ["\x00", "a\x00b", "9" * 5000])
def test_a_search_for_what_no_database_stores_finds_nobody_and_breaks_nothing(lead: Client, odd: str) -> None:
    template = NoticeTemplate.objects.all()[0]
    assert lead.get(url(template), {"find": odd, "customer": odd}).status_code == 200

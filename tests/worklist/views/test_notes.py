"""Notes with files and names, writing them anew, and follow-ups."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.lib.errors import Conflict
from customers.models import Attachment, BusinessClock, Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, Notification, Undo
from worklist.queries.account import account
from worklist.queries.facts import customer_facts
from worklist.services.log_activity import log_activity

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def late() -> Customer:
    who = factories.customer()
    factories.invoice(who, "1000.00", due_on=DAY - timedelta(days=40))
    return who


def file(name: str = "photo.jpg", content: bytes = b"picture") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def write(client: Client, who: Customer, text: str = "Broken pallet", **more: Any) -> Any:
    return client.post(reverse("account_note", args=[who.pk]), {"text": text, **more})


def test_a_note_keeps_its_files_and_the_account_offers_them(cast: Cast) -> None:
    who, client = late(), signed_in(cast.collector)
    assert write(client, who, attached=[file(), file("<b>.pdf", b"%PDF")]).status_code == 302
    kept = Attachment.objects.order_by("pk")
    assert [bytes(one.content) for one in kept] == [b"picture", b"%PDF"]
    shown = client.get(reverse("account", args=[who.pk])).content.decode()
    for one in kept:
        assert reverse("attachment", args=[who.pk, one.pk]) in shown
    assert "<b>.pdf" not in shown
    assert "&lt;b&gt;.pdf" in shown


@pytest.mark.parametrize("files", [[b""], [b"x"] * 6, [b"x" * 10_000_001]])
def test_files_that_cannot_be_kept_come_back_with_a_sentence_and_the_words(cast: Cast, files: list[bytes]) -> None:
    who = late()
    answer = write(signed_in(cast.collector), who, "My words", attached=[file(content=one) for one in files])
    assert answer.status_code == 422
    assert "My words" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not Activity.objects.exists()


def test_a_colleague_who_is_named_is_told_once_and_a_stranger_never(cast: Cast) -> None:
    who = late()
    text = f"@{cast.lead.username} and @{cast.stranger.username}, @{cast.collector.username} or @nobody: look"
    write(signed_in(cast.collector), who, text)
    told = Notification.objects.get()
    assert (told.user, told.kind, told.customer) == (cast.lead, "mention", who)
    assert told.url.startswith(reverse("account", args=[who.pk]))
    assert list(Activity.objects.get().mentioned.all()) == [cast.lead]


def test_the_form_says_whom_one_can_name(cast: Cast) -> None:
    who = late()
    shown = signed_in(cast.collector).get(reverse("account_note", args=[who.pk])).content.decode()
    assert f"@{cast.lead.username}" in shown
    assert f"@{cast.stranger.username}" not in shown


def test_a_note_is_written_anew_and_both_stay_readable(cast: Cast) -> None:
    who, client = late(), signed_in(cast.collector)
    write(client, who, "Pays on the 10th", pinned="on")
    old = Activity.objects.get()
    address = reverse("note_edit", args=[old.pk])
    assert "Pays on the 10th" in client.get(address).content.decode()
    assert client.post(address, {"text": "Pays on the 15th", "pinned": "on", "by": cast.lead.pk}).status_code == 302
    new = Activity.objects.get(replaces=old)
    old.refresh_from_db()
    assert (old.text, new.by) == ("Pays on the 10th", cast.collector)
    assert [row["text"] for row in account(who, on=DAY).pinned] == ["Pays on the 15th"]
    shown = client.get(reverse("account", args=[who.pk])).content.decode()
    assert "Pays on the 10th" in shown
    assert "written anew" in shown


def test_d87_the_second_to_write_a_note_anew_sees_the_first_and_keeps_the_words(cast: Cast) -> None:
    who = late()
    note = log_activity(customer=who, kind="note", text="Old", happened_on=DAY, actor=cast.collector)
    address = reverse("note_edit", args=[note.pk])
    signed_in(cast.lead).post(address, {"text": "Theirs"})
    answer = signed_in(cast.collector).post(address, {"text": "Mine"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    for words in (str(cast.lead), "Theirs", "Mine"):
        assert words in shown
    assert Activity.objects.count() == 2


def test_after_an_undo_the_older_note_counts_and_can_be_written_anew_again(cast: Cast) -> None:
    who, client = late(), signed_in(cast.collector)
    note = log_activity(customer=who, kind="note", text="Old", happened_on=DAY, actor=cast.collector, pinned=True)
    Undo.objects.all().delete()
    newer = log_activity(customer=who, kind="note", text="New", happened_on=DAY, actor=cast.collector, replaces=note)
    with pytest.raises(Conflict):
        log_activity(customer=who, kind="note", text="x", happened_on=DAY, actor=cast.collector, replaces=note)
    undo = Undo.objects.create(
        user=cast.collector, customer=who, action="note", target_id=newer.pk,
        before={"before": {}, "after": {"text": "New"}}, expires_at=timezone.now() + timedelta(seconds=60),
    )  # fmt: skip
    client.post(reverse("undo", args=[undo.pk]))
    assert [row["text"] for row in account(who, on=DAY).pinned] == ["Old"]
    assert client.post(reverse("note_edit", args=[note.pk]), {"text": "Newer"}).status_code == 302


def test_d53_notes_and_follow_ups_of_another_team_are_not_found(cast: Cast) -> None:
    who = late()
    note = log_activity(
        customer=who, kind="note", text="x", happened_on=DAY, follow_up_on=DAY, actor=cast.collector
    )  # fmt: skip
    client = signed_in(cast.stranger)
    assert client.get(reverse("note_edit", args=[note.pk])).status_code == 404
    assert client.post(reverse("follow_up_done", args=[note.pk])).status_code == 404
    assert who.name not in client.get(reverse("follow_ups"), {"show": "all"}).content.decode()
    assert signed_in(cast.viewer).post(reverse("follow_up_done", args=[note.pk])).status_code == 403


def follow_up_of(who: Customer) -> Any:
    return next(facts.facts.follow_up_on for facts in customer_facts([who.pk], on=DAY))


def test_a_follow_up_is_listed_until_it_is_done_and_the_list_of_work_forgets_it(cast: Cast) -> None:
    who, client = late(), signed_in(cast.collector)
    note = log_activity(
        customer=who, kind="note", text="Ask for the file number", happened_on=DAY, follow_up_on=DAY,
        actor=cast.collector,
    )  # fmt: skip
    assert follow_up_of(who) == DAY
    for page in (reverse("follow_ups"), reverse("account", args=[who.pk])):
        assert "Ask for the file number" in client.get(page).content.decode()
    answer = client.post(reverse("follow_up_done", args=[note.pk]), **HTMX)
    assert answer.content == b""
    client.post(reverse("follow_up_done", args=[note.pk]))
    note.refresh_from_db()
    assert (note.follow_up_done_on, note.follow_up_done_by) == (DAY, cast.collector)
    assert follow_up_of(who) is None
    assert account(who, on=DAY).follow_ups == []
    assert "Ask for the file number" not in client.get(reverse("follow_ups"), {"show": "all"}).content.decode()
    client.post(reverse("follow_up_done", args=[note.pk]), {"done": "0"})
    assert follow_up_of(who) == DAY


def test_a_later_call_answers_a_follow_up_and_a_newer_note_takes_its_place(cast: Cast) -> None:
    one, two = late(), late()
    for who in (one, two):
        log_activity(customer=who, kind="note", text="x", happened_on=DAY, follow_up_on=DAY, actor=cast.collector)
    log_activity(customer=one, kind="call", outcome="reached", happened_on=DAY, actor=cast.collector)
    log_activity(
        customer=two, kind="note", text="y", happened_on=DAY, actor=cast.collector, replaces=two.activities.get()
    )
    for who in (one, two):
        assert account(who, on=DAY).follow_ups == []
    shown = signed_in(cast.collector).get(reverse("follow_ups"), {"show": "all"}).content.decode()
    assert one.name not in shown
    assert two.name not in shown


def test_the_filters_of_follow_ups_show_mine_due_and_all(cast: Cast) -> None:
    mine, theirs, later = late(), late(), late()
    for who, by, days in ((mine, cast.collector, 3), (theirs, cast.lead, 0), (later, cast.lead, 9)):
        log_activity(
            customer=who, kind="note", text="x", happened_on=DAY, follow_up_on=DAY + timedelta(days=days), actor=by
        )
    client = signed_in(cast.collector)

    def named(**query: str) -> list[bool]:
        shown = client.get(reverse("follow_ups"), query).content.decode()
        return [f">{who.name}<" in shown for who in (mine, theirs, later)]

    assert named() == [True, False, False]
    assert named(show="due") == [False, True, False]
    assert named(show="all") == [True, True, True]
    assert named(show="nonsense") == [True, False, False]


def test_d98_a_hundred_follow_ups_ask_as_much_as_ten(cast: Cast) -> None:
    client = signed_in(cast.collector)
    customers = [factories.customer() for _ in range(40)]

    def asked(count: int) -> int:
        Activity.objects.bulk_create(
            Activity(customer=who, kind="note", text="x", happened_on=DAY, follow_up_on=DAY, by=cast.collector)
            for who in customers[:count]
        )
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("follow_ups"))
        return len(seen)

    asked(1)
    few = asked(5)
    assert asked(40) == few
    assert few <= 20

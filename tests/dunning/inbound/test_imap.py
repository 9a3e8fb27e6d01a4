"""A mailbox is read from where it was left, touched by nothing, and a server that is away is a sentence."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dunning.inbound.imap import ImapMailbox
from dunning.models import InboundMessage, Mailbox
from dunning.services.collect_messages import collect_messages
from tests import factories
from tests.dunning.inbound.imap_server import Box, imap_server
from tests.dunning.inbound_mails import mail

NOW = timezone.now()


@pytest.fixture
def box(db: None, settings: Any) -> Iterator[Box]:
    """A mailbox with two mails."""
    factories.entity()
    mails = {uid: mail(f"Mail {uid}", message_id=f"<m{uid}@payer.example>") for uid in (3, 5)}
    with imap_server(Box(mails)) as served:
        settings.INBOX_URL = f"imap://ar%40nordwind.example@127.0.0.1:{served.port}/INBOX"
        settings.INBOX_PASSWORD = "secret"
        yield served


def look(minutes: int = 0) -> int:
    """How many messages a look took in, so many minutes later."""
    return collect_messages(now=NOW + timedelta(minutes=minutes))


def test_new_mails_are_taken_in_once_and_the_rest_from_where_it_was_left(box: Box) -> None:
    assert look() == 2
    assert look(1) == 0
    box.mails[9] = mail("Mail 9", message_id="<m9@payer.example>")
    assert look(2) == 1
    kept = Mailbox.objects.get()
    assert (kept.account, kept.last_uid, kept.problem) == ("imap:ar@nordwind.example@127.0.0.1/INBOX", 9, "")
    assert InboundMessage.objects.count() == 3


def test_nothing_in_the_mailbox_is_touched(box: Box) -> None:
    look()
    assert all("PEEK" in asked or "SIZE" in asked for asked in box.asked if "FETCH" in asked)
    assert any(asked.startswith("EXAMINE") for asked in box.asked)
    assert not [asked for asked in box.asked if "STORE" in asked or "EXPUNGE" in asked]


def test_a_server_that_numbers_anew_brings_nothing_twice(box: Box) -> None:
    look()
    box.validity, box.mails = 8, {1: box.mails[5], 2: mail("New", message_id="<new@payer.example>")}
    assert look(1) == 2  # both are read again, the known one is the same message
    assert InboundMessage.objects.count() == 3


def test_a_mailbox_that_another_worker_looks_into_is_left_alone(box: Box) -> None:
    Mailbox.objects.create(account=ImapMailbox().account, busy_until=NOW + timedelta(minutes=1))
    assert look() == 0
    assert look(5) == 2  # that worker is gone


@pytest.mark.parametrize("wrong", ["password", "port", "broken"])
def test_a_server_that_is_away_is_told_and_asked_again(box: Box, settings: Any, wrong: str) -> None:
    if wrong == "password":
        settings.INBOX_PASSWORD = "wrong"
    elif wrong == "port":
        settings.INBOX_URL = "imap://ar@127.0.0.1:1/INBOX"
    else:
        box.broken = True
    assert look() == 0
    assert "mail server" in Mailbox.objects.get().problem
    settings.INBOX_URL = f"imap://ar@127.0.0.1:{box.port}/INBOX"
    settings.INBOX_PASSWORD, box.broken = "secret", False
    assert look(1) == 2


def test_a_broken_mail_among_good_ones_stops_nothing(box: Box) -> None:
    box.mails = {1: b" ", 2: b"\xff\x00 not a mail", 3: mail("Good")}
    look()
    assert Mailbox.objects.get().last_uid == 3
    assert InboundMessage.objects.filter(said="Good").exists()


def test_of_a_very_large_mail_the_beginning_is_read(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dunning.inbound.imap.LARGEST", 300)
    monkeypatch.setattr("dunning.inbound.imap.BEGINNING", 250)
    box.mails = {1: mail("Hello " * 200)}
    assert look() == 1
    assert InboundMessage.objects.get().raw_size == 250


def test_without_a_mailbox_nothing_is_asked(db: None, settings: Any) -> None:
    settings.INBOX_URL = ""
    assert look() == 0
    assert not Mailbox.objects.exists()


def test_a_mail_at_which_the_program_fails_is_told_of_and_lost_by_nobody(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("dunning.services.collect_messages.receive_message", lambda **mail: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            look()
    assert "ZeroDivisionError" in Mailbox.objects.get().problem
    assert look() == 2
    assert Mailbox.objects.get().problem == ""

"""The mail door on a real SMTP server: one copy each, certain and uncertain failures, one connection for many mails."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from anymail.exceptions import AnymailAPIError, AnymailRequestsAPIError
from django.conf import LazySettings
from django.core import mail
from django.utils import timezone
from requests import ConnectTimeout, ReadTimeout, Response

from customers.channels import email
from customers.channels.email import MailDoor, send_email
from customers.channels.parcel import Accepted, Parcel, Refused, Uncertain
from customers.models import OutgoingRules

pytestmark = pytest.mark.django_db


class Server:
    """A mail server that counts its connections and answers as told."""

    def __init__(self) -> None:
        self.copies: list[tuple[str, bytes]] = []
        self.connections: set[int] = set()
        self.at_rcpt: Callable[[str], str | None] = lambda address: None
        self.at_data: Callable[[], str | None] = lambda: None
        self.port = 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.connections.add(id(session))
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.at_rcpt(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.at_data()
        if answer:
            return answer
        self.copies += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 OK"


@pytest.fixture
def server(settings: LazySettings) -> Iterator[Server]:
    kept = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        kept.port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", kept.port, 5
    yield kept
    controller.stop()


def parcel(number: int = 1, **fields: Any) -> Parcel:
    given: dict[str, Any] = {
        "to": f"ap{number}@customer.example", "subject": "Reminder", "text": "Pay", "html": "<p>Pay</p>",
        "sender": "Nordwind <receivables@house.example>", "message_id": f"n.{number}@house.example",
        "redirect_to": "",
    }  # fmt: skip
    return Parcel(**{**given, **fields})


def test_d39_to_two_copies_and_a_blind_copy_get_exactly_one_copy_each(server: Server) -> None:
    asked = parcel(
        to="ap@customer.example", cc=("cfo@customer.example", "AP@customer.example", "boss@customer.example"),
        bcc=("archive@house.example", "CFO@customer.example"),
    )  # fmt: skip
    assert isinstance(send_email(asked), Accepted)
    assert Counter(address for address, _ in server.copies) == {
        "ap@customer.example": 1, "cfo@customer.example": 1, "boss@customer.example": 1, "archive@house.example": 1,
    }  # fmt: skip
    read = message_from_bytes(server.copies[0][1])
    assert read["Cc"] == "cfo@customer.example, boss@customer.example"
    assert read["Bcc"] is None
    assert b"archive@house.example" not in server.copies[0][1]


def test_d39_through_a_provider_each_mailbox_is_named_once_too(settings: LazySettings) -> None:
    assert isinstance(
        send_email(parcel(cc=("cfo@customer.example", "CFO@customer.example"), bcc=("ap1@customer.example",))), Accepted
    )
    (sent,) = mail.outbox
    assert (sent.to, sent.cc, sent.bcc) == (["ap1@customer.example"], ["cfo@customer.example"], [])


def test_many_mails_share_one_connection_and_a_closed_one_is_opened_anew(server: Server) -> None:
    with MailDoor() as door:
        for number in range(5):
            assert isinstance(door.send(parcel(number)), Accepted)
        assert len(server.connections) == 1
        assert door._line is not None
        smtp = door._line._backend.connection
        assert smtp is not None
        assert smtp.sock is not None
        smtp.sock.shutdown(socket.SHUT_RDWR)  # as a server does that has waited long enough
        assert isinstance(door.send(parcel(9)), Accepted)
    assert len(server.copies) == 6
    assert max(Counter(address for address, _ in server.copies).values()) == 1


def test_a_refused_recipient_leaves_the_connection_usable_for_the_next_mail(server: Server) -> None:
    server.at_rcpt = lambda address: "550 no such user" if address.startswith("ap1") else None
    with MailDoor() as door:
        refused, accepted = door.send(parcel(1)), door.send(parcel(2))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.permanent, refused.bounced) == ("address_refused", True, True)
    assert isinstance(accepted, Accepted)
    assert [address for address, _ in server.copies] == ["ap2@customer.example"]


def test_a_refused_copy_does_not_keep_the_mail_and_is_told(server: Server) -> None:
    server.at_rcpt = lambda address: "550 gone" if address.startswith("cfo") else None
    outcome = send_email(parcel(cc=("cfo@customer.example",)))
    assert isinstance(outcome, Accepted)
    assert "cfo@customer.example" in outcome.text
    assert [address for address, _ in server.copies] == ["ap1@customer.example"]


@pytest.mark.parametrize(
    ("answer", "permanent", "fault"),
    [("421 too many mails", False, True), ("450 full", False, False), ("554 spam", True, False)],
)
def test_d35_an_answer_to_the_content_is_certain(server: Server, answer: str, permanent: bool, fault: bool) -> None:
    server.at_data = lambda: answer
    outcome = send_email(parcel())
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.permanent, outcome.provider_fault) == ("content_refused", permanent, fault)


def test_d34_a_server_that_falls_silent_after_the_message_leaves_us_unsure(
    server: Server, settings: LazySettings
) -> None:
    silent, released = threading.Event(), threading.Event()

    def fall_silent() -> str:
        silent.set()
        released.wait(10)
        return "250 OK"

    server.at_data = fall_silent
    settings.EMAIL_TIMEOUT = 1
    outcome = send_email(parcel())
    released.set()
    assert silent.is_set()
    assert isinstance(outcome, Uncertain)
    assert outcome.provider_fault


def test_d34_a_server_that_is_away_is_certain_and_the_provider_s_fault(settings: LazySettings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        outcome = send_email(parcel())
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.permanent, outcome.provider_fault) == ("mail_server_away", False, True)


@pytest.mark.parametrize("to", ["nobody", "", "a@b.example, c@d.example"])
def test_d84_a_recipient_that_is_no_address_is_refused_for_good(server: Server, to: str) -> None:
    outcome = send_email(parcel(to=to))
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.permanent) == ("bad_header", True)
    assert server.copies == []


def test_o17_in_test_mode_the_mail_goes_to_our_box_alone_and_names_whom_it_was_meant_for(server: Server) -> None:
    send_email(parcel(cc=("cfo@customer.example",), redirect_to="box@house.example"))
    ((address, content),) = server.copies
    assert address == "box@house.example"
    read = message_from_bytes(content)
    assert (read["To"], read["Cc"]) == ("box@house.example", None)
    assert read[email.MEANT_FOR] == "ap1@customer.example, cfo@customer.example"


def test_o17_whoever_forgets_the_rules_meets_them_at_the_door(server: Server) -> None:
    rules = OutgoingRules.objects.create(pk=1, stopped_at=timezone.now(), stopped_why="wrong prices")
    stopped = send_email(parcel(redirect_to=None))
    assert isinstance(stopped, Refused)
    assert "wrong prices" in stopped.text
    rules.stopped_at, rules.allowed = None, ["house.example"]
    rules.save()
    assert isinstance(send_email(parcel(redirect_to=None)), Refused)
    assert isinstance(send_email(parcel(to="me@house.example", redirect_to=None)), Accepted)
    rules.test_address = "box@house.example"
    rules.save()
    assert isinstance(send_email(parcel(redirect_to=None)), Accepted)
    assert [address for address, _ in server.copies] == ["me@house.example", "box@house.example"]


def _api_error(status: int | None, cause: Exception | None = None) -> AnymailAPIError:
    response = Response()
    response.status_code = status or 0
    error = AnymailRequestsAPIError("no", response=response if status else None)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind", "permanent"),
    [
        (_api_error(429), Refused, False),
        (_api_error(503), Refused, False),
        (_api_error(500), Refused, False),
        (_api_error(400), Refused, True),
        (_api_error(502), Uncertain, None),
        (_api_error(504), Uncertain, None),
        (_api_error(None, ReadTimeout()), Uncertain, None),
        (_api_error(None, ConnectTimeout()), Refused, False),
    ],
)
def test_d34_d35_what_a_provider_s_answer_means(error: AnymailAPIError, kind: type, permanent: bool | None) -> None:
    outcome = email._api_answer(error)
    assert isinstance(outcome, kind)
    assert getattr(outcome, "provider_fault", None) is not bool(permanent)
    assert getattr(outcome, "permanent", None) is permanent

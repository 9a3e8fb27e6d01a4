"""Every address of the application in one table (case D52): who may open it, and what the others are told.

A new address is one new line here; a test fails for any address without one. The capability in the line is compared
with the one the view itself names, and then tried with real people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.api.permissions import capability_for
from tests import factories
from tests.conftest import Cast

PUBLIC, MEMBERS = "public", "members"  # anybody; anybody who is signed in
SEE, WORK, CASH = Capability.SEE_ACCOUNTS, Capability.WORK_ACCOUNTS, Capability.RECORD_CASH
IMPORT, INSIGHT, APPROVE = Capability.IMPORT_FILES, Capability.SEE_INSIGHT, Capability.APPROVE_NOTICES
POSTINGS, WAIVE = Capability.APPROVE_POSTINGS, Capability.WAIVE_CLAIMS
POLICIES, ADMIN, AUDIT = Capability.EDIT_POLICIES, Capability.ADMINISTER, Capability.SEE_AUDIT
LEAD = Capability.LEAD_TEAM

Right = Capability | str

# Address -> the right to GET it. "POST address" -> the right to POST to it, where that is another one.
TABLE: dict[str, Right] = {
    # the furniture
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "preferences/": PUBLIC,
    "session/": PUBLIC,
    "settings/keys/": SEE,
    "styleguide/": PUBLIC,
    # the API
    "api/schema/": MEMBERS,
    "api/docs/": SEE,
    "api/^[\\s\\S]*$": PUBLIC,
    "api/v1/customers/": SEE,
    "api/v1/customers/<str:number>/": SEE,
    "PUT api/v1/customers/<str:number>/": IMPORT,
    "api/v1/customers/<str:number>/contacts/": SEE,
    "POST api/v1/customers/<str:number>/contacts/": IMPORT,
    "PUT api/v1/customers/<str:number>/contacts/<int:contact_id>/": IMPORT,
    "api/v1/customers/<str:number>/balance/": SEE,
    "api/v1/invoices/": SEE,
    "POST api/v1/invoices/": IMPORT,
    "api/v1/invoices/<int:invoice_id>/": SEE,
    "api/v1/credit-notes/": SEE,
    "POST api/v1/credit-notes/": CASH,
    "api/v1/bank-files/": SEE,
    "POST api/v1/bank-files/": CASH,
    "api/v1/bank-lines/": SEE,
    "api/v1/payments/": SEE,
    "POST api/v1/payments/": CASH,
    "api/v1/payments/<int:payment_id>/": SEE,
    "api/v1/payments/<int:payment_id>/allocations/": SEE,
    "POST api/v1/payments/<int:payment_id>/allocations/": CASH,
    "POST api/v1/payments/<int:payment_id>/allocations/<int:allocation_id>/reversal/": CASH,
    "api/v1/payments/<int:payment_id>/refunds/": SEE,
    "POST api/v1/payments/<int:payment_id>/refunds/": CASH,
    "POST api/v1/payments/<int:payment_id>/refunds/<int:refund_id>/reversal/": CASH,
    "api/v1/rates/": SEE,
    # customers and settings
    "accounts/new/": IMPORT,
    "accounts/<int:pk>/merge/": POSTINGS,
    "accounts/<int:pk>/edit/": IMPORT,
    "accounts/<int:pk>/contacts/new/": WORK,
    "accounts/<int:pk>/contacts/<int:contact_id>/": WORK,
    "accounts/<int:pk>/files/<int:file_id>/": SEE,
    "settings/": SEE,
    "settings/audit/": AUDIT,
    "settings/clock/": ADMIN,
    "settings/tokens/": ADMIN,
    "settings/tokens/<int:pk>/revoke/": ADMIN,
    "settings/entities/new/": ADMIN,
    "settings/entities/<int:pk>/": ADMIN,
    "settings/users/new/": ADMIN,
    "settings/users/<int:pk>/": ADMIN,
    "settings/teams/new/": ADMIN,
    "settings/terms/": ADMIN,
    "settings/terms/new/": ADMIN,
    "settings/terms/<int:pk>/": ADMIN,
    "settings/plan-templates/": POLICIES,
    "settings/plan-templates/new/": POLICIES,
    "settings/plan-templates/<int:pk>/": POLICIES,
    "settings/segments/": POLICIES,
    "settings/segments/new/": POLICIES,
    "settings/segments/<int:pk>/": POLICIES,
    "settings/segments/<int:pk>/members/": POLICIES,
    "accounts/<int:pk>/segments/": SEE,
    "settings/currencies/": ADMIN,
    "settings/currencies/new/": ADMIN,
    "settings/currencies/<int:pk>/": ADMIN,
    # payment plans
    "plans/": SEE,
    "plans/<int:pk>/": SEE,
    "plans/<int:pk>/agree/": WORK,
    "plans/<int:pk>/end/": WORK,
    "accounts/<int:pk>/plans/": SEE,
    "accounts/<int:pk>/plans/new/": WORK,
    # holds
    "holds/": SEE,
    "accounts/<int:pk>/holds/": SEE,
    "invoices/<int:pk>/hold/": WORK,
    "holds/invoices/<int:pk>/release/": WORK,
    "settings/pauses/": POLICIES,
    "settings/pauses/<int:pk>/release/": POLICIES,
    # invoices and cash
    "search/": SEE,
    "accounts/<int:pk>/statement/": SEE,
    "accounts/<int:pk>/statement.pdf": SEE,
    "invoices/": SEE,
    "invoices/<int:pk>/": SEE,
    "invoices/<int:pk>/send/": WORK,
    "invoices/new/": CASH,
    "invoices/credit-notes/new/": CASH,
    "invoices/<int:pk>/adjust/": CASH,
    "invoices/adjustments/<int:pk>/undo/": CASH,
    # four eyes
    "approvals/": WAIVE,
    "approvals/<int:pk>/approve/": POSTINGS,
    "approvals/<int:pk>/reject/": POSTINGS,
    "approvals/<int:pk>/withdraw/": WAIVE,
    "approvals/<int:pk>/edit/": CASH,
    "invoices/<int:pk>/pdf/": SEE,
    "invoices/credit-notes/": SEE,
    "invoices/credit-notes/<int:pk>/": SEE,
    "invoices/credit-notes/<int:pk>/allocate/": CASH,
    "invoices/credit-notes/<int:pk>/allocations/<int:allocation_id>/reverse/": CASH,
    "invoices/adjustments/": SEE,
    "invoices/adjustments/<int:pk>/": SEE,
    "cash/": SEE,
    "cash/refunds/": SEE,
    "cash/refunds/<int:pk>/": SEE,
    "cash/new/": CASH,
    "cash/<int:pk>/": SEE,
    "cash/<int:pk>/allocate/": CASH,
    "cash/<int:pk>/refund/": CASH,
    "cash/<int:pk>/return/": CASH,
    "cash/<int:pk>/chargeback/": CASH,
    "cash/<int:pk>/exchange/": CASH,
    "cash/refunds/<int:pk>/undo/": CASH,
    "invoices/credit-notes/<int:pk>/refund/": CASH,
    "settings/rates/": ADMIN,
    "settings/late-rates/": ADMIN,
    "cash/<int:pk>/allocations/<int:allocation_id>/reverse/": CASH,
    "cash/bank/": CASH,
    "cash/bank/files/": CASH,
    "cash/bank/files/<int:pk>/": CASH,
    "cash/bank/files/<int:pk>/problems.csv": CASH,
    "cash/bank/accounts/<int:pk>/": CASH,
    "cash/bank/advices/": CASH,
    "cash/bank/advices/<int:pk>/": CASH,
    "cash/bank/lines/<int:pk>/take/<int:suggestion_id>/": CASH,
    "cash/bank/lines/<int:pk>/settle/": CASH,
    "cash/bank/lines/<int:pk>/split/": CASH,
    "cash/bank/lines/<int:pk>/park/": CASH,
    "cash/bank/lines/<int:pk>/deduct/": CASH,
    "cash/bank/lines/<int:pk>/ignore/": CASH,
    "cash/bank/lines/<int:pk>/undo/": CASH,
    # aging and import
    "insight/aging/": INSIGHT,
    "insight/aging/documents/": INSIGHT,
    "insight/books/": CASH,
    "insight/books/check/": CASH,
    "imports/": IMPORT,
    "imports/<int:pk>/": IMPORT,
    "imports/<int:pk>/format/": IMPORT,
    "imports/<int:pk>/columns/": IMPORT,
    "imports/<int:pk>/bad-rows.csv": IMPORT,
    # dunning
    "settings/documents/": POLICIES,
    "settings/documents/<int:entity_id>/": POLICIES,
    "accounts/<int:pk>/statement-day/": WORK,
    "dunning/": SEE,
    "dunning/claims/": SEE,
    "dunning/claims/claim/": CASH,
    "dunning/claims/waive/": WAIVE,
    "dunning/claims/documents/<int:document_id>/waive/": WAIVE,
    "dunning/claims/waivers/<int:waiver_id>/approve/": POSTINGS,
    "dunning/claims/waivers/<int:waiver_id>/reject/": WAIVE,
    "dunning/claims/waivers/<int:waiver_id>/reinstate/": WAIVE,
    "dunning/entities/<int:entity_id>/policy/": POLICIES,
    "dunning/policies/": SEE,
    "dunning/policies/new/": POLICIES,
    "dunning/policies/<int:policy_id>/": SEE,
    "dunning/policies/<int:policy_id>/delete/": POLICIES,
    "dunning/policies/<int:policy_id>/versions/": SEE,
    "dunning/policies/<int:policy_id>/start/": APPROVE,
    "dunning/policies/<int:policy_id>/switch/": POLICIES,
    "dunning/runs/<int:run_id>/": SEE,
    "dunning/runs/<int:run_id>/approve/": APPROVE,
    "dunning/runs/<int:run_id>/cancel/": APPROVE,
    "dunning/runs/<int:run_id>/undo/": APPROVE,
    "dunning/runs/<int:run_id>/rehearsed/": APPROVE,
    "dunning/runs/<int:run_id>/recall/": APPROVE,
    "dunning/runs/<int:run_id>/letters/": SEE,
    "dunning/notices/<int:notice_id>/": SEE,
    "dunning/notices/<int:notice_id>/mail/": SEE,
    "dunning/notices/<int:notice_id>/letter/": SEE,
    "dunning/notices/<int:notice_id>/resolve/": APPROVE,
    "dunning/notices/<int:notice_id>/withdraw/": APPROVE,
    "dunning/starters/": SEE,
    "dunning/templates/": SEE,
    "dunning/templates/new/": POLICIES,
    "dunning/templates/address/": POLICIES,
    "dunning/templates/<int:template_id>/": SEE,
    "dunning/templates/<int:template_id>/mail/": SEE,
    "dunning/templates/<int:template_id>/restore/": POLICIES,
    "dunning/notices/<int:notice_id>/words/": APPROVE,
    "dunning/decisions/": SEE,
    "dunning/handovers/": SEE,
    "dunning/handovers/<int:handover_id>/": SEE,
    "dunning/handovers/<int:handover_id>/approve/": APPROVE,
    "dunning/handovers/<int:handover_id>/give/": APPROVE,
    "dunning/handovers/<int:handover_id>/end/": APPROVE,
    "dunning/handovers/<int:handover_id>/bundle/": APPROVE,
    "dunning/handovers/<int:handover_id>/bundles/<int:bundle_id>/": APPROVE,
    "dunning/customer/<int:customer_id>/end/": SEE,
    "dunning/customer/<int:customer_id>/end/new/": WORK,
    "dunning/customer/<int:customer_id>/credit/": APPROVE,
    "dunning/rehearsal/": SEE,
    "dunning/rehearsal/<int:rehearsal_id>/": SEE,
    "dunning/outgoing/": SEE,
    "dunning/outgoing/switch/": POLICIES,
    "dunning/why/<int:customer_id>/": SEE,
    "dunning/customer/<int:customer_id>/notices/": SEE,
    "dunning/customer/<int:customer_id>/messages/": SEE,
    "dunning/messages/": SEE,
    "dunning/messages/<int:pk>/original.eml": SEE,
    "dunning/messages/<int:pk>/files/<int:file_id>/": SEE,
    "dunning/messages/<int:pk>/confirm/<int:proposal_id>/": WORK,
    "dunning/messages/<int:pk>/dismiss/<int:proposal_id>/": WORK,
    "dunning/messages/<int:pk>/assign/": WORK,
    "dunning/messages/<int:pk>/settle/": WORK,
    "dunning/messages/<int:pk>/reopen/": WORK,
    "dunning/mails/<int:pk>/": SEE,
    "dunning/mails/<int:pk>/mail/": SEE,
    "dunning/mails/<int:pk>/withdraw/": WORK,
    "dunning/mails/<int:pk>/resolve/": WORK,
    # worklist and accounts
    "": SEE,
    "worklist/": SEE,
    "worklist/filter/": SEE,
    "worklist/columns/": SEE,
    "worklist/day/": SEE,
    "worklist/bulk/": WORK,
    "views/": SEE,
    "views/<int:pk>/": SEE,
    "views/<int:pk>/delete/": SEE,
    "accounts/<int:pk>/here/": WORK,
    "team/": LEAD,
    "team/absences/new/": LEAD,
    "team/absences/<int:pk>/end/": LEAD,
    "team/people/<int:pk>/capacity/": LEAD,
    "team/portfolios/new/": LEAD,
    "team/portfolios/<int:pk>/": LEAD,
    "team/rebalancing/": LEAD,
    "team/rebalancing/<uuid:batch>/undo/": LEAD,
    "team/escalations/": LEAD,
    "team/escalations/<int:pk>/answer/": LEAD,
    "accounts/<int:pk>/escalate/": WORK,
    "notifications/": SEE,
    "notifications/bell/": PUBLIC,
    "notifications/read/": SEE,
    "notifications/mute/": SEE,
    "notifications/<int:pk>/open/": SEE,
    "drafts/": SEE,
    "undo/<uuid:token>/": WORK,
    "accounts/": SEE,
    "accounts/<int:pk>/": SEE,
    "accounts/<int:pk>/timeline/": SEE,
    "accounts/<int:pk>/call/": WORK,
    "accounts/<int:pk>/note/": WORK,
    "accounts/<int:pk>/promise/": WORK,
    "accounts/<int:pk>/dispute/": WORK,
    "accounts/<int:pk>/snooze/": WORK,
    "accounts/<int:pk>/pin/": WORK,
    "accounts/<int:pk>/mail/": WORK,
    "accounts/<int:pk>/mail/shown/": WORK,
    "accounts/<int:pk>/assign/": WORK,
    "accounts/<int:pk>/hold/": WORK,
    "accounts/<int:pk>/playbook/": SEE,
    "accounts/<int:pk>/playbook/<int:step_id>/": WORK,
    "accounts/<int:pk>/people/": SEE,
    "follow-ups/": SEE,
    "follow-ups/<int:pk>/done/": WORK,
    "notes/<int:pk>/edit/": WORK,
    "playbooks/": SEE,
    "playbooks/new/": POLICIES,
    "playbooks/starters/": POLICIES,
    "playbooks/<int:pk>/": SEE,
    "playbooks/<int:pk>/edit/": POLICIES,
    "strategies/": POLICIES,
    "strategies/new/": POLICIES,
    "strategies/<int:pk>/": POLICIES,
    "strategies/<int:pk>/edit/": POLICIES,
    "strategies/<int:pk>/off/": POLICIES,
    "strategies/versions/<int:pk>/": POLICIES,
    "strategies/versions/<int:pk>/check/": POLICIES,
    "strategies/versions/<int:pk>/activate/": POLICIES,
    "strategies/versions/<int:pk>/restore/": POLICIES,
    "strategies/versions/<int:pk>/discard/": POLICIES,
    "notes/<int:pk>/pin/": WORK,
    "promises/<int:pk>/withdraw/": WORK,
    "holds/<int:pk>/release/": WORK,
    "disputes/": SEE,
    "disputes/<int:pk>/close/": WORK,
    "disputes/board/": SEE,
    "disputes/figures/": INSIGHT,
    "disputes/cases/<int:pk>/": SEE,
    "disputes/cases/<int:pk>/move/": WORK,
    "disputes/cases/<int:pk>/comment/": WORK,
    "disputes/cases/<int:pk>/ask/": WORK,
    "disputes/cases/<int:pk>/change/": WORK,
    "disputes/cases/<int:pk>/add/": WORK,
    "disputes/cases/<int:pk>/close/": WORK,
    "disputes/cases/<int:pk>/reopen/": WORK,
    "disputes/cases/<int:pk>/stage/": WORK,
    "disputes/cases/<int:pk>/withdraw/": WORK,
    "disputes/questions/<int:pk>/revoke/": WORK,
    "answer/<str:token>/": PUBLIC,
    # the demo
    "mailbox/": SEE,
    "mailbox/<slug:key>/body/": SEE,
    "mailbox/<slug:key>/files/<int:position>/": SEE,
    "tour/": SEE,
    "tour/done/": SEE,
    "tour/restart/": SEE,
    "tour/stops/<slug:code>/": SEE,
    # payers and their bank, by link, without a login
    "pay/<str:token>/": PUBLIC,
    "pay/<str:token>/invoices/<int:invoice_id>.pdf": PUBLIC,
    "pay/<str:token>/payments/<slug:reference>/": PUBLIC,
    "pay/<str:token>/payments/<slug:reference>/receipt.pdf": PUBLIC,
    "pay/<str:token>/promise/": PUBLIC,
    "pay/<str:token>/dispute/": PUBLIC,
    "pay/<str:token>/plan/": PUBLIC,
    "pay/<str:token>/wrong-contact/": PUBLIC,
    "pay/<str:token>/new-link/": PUBLIC,
    "receipt/<str:token>/": PUBLIC,
    "receipt/<str:token>/receipt.pdf": PUBLIC,
    "webhooks/<slug:provider>/": PUBLIC,
    "webhooks/mail/<slug:provider>/": PUBLIC,
    "webhooks/mail/<slug:provider>/inbound/": PUBLIC,
    "gateway/test/<slug:intent>/": PUBLIC,
}

# Signed by the sender instead of by a form of ours.
WITHOUT_CSRF = {
    "webhooks/<slug:provider>/",
    "webhooks/mail/<slug:provider>/inbound/",
    "webhooks/mail/<slug:provider>/",
    "gateway/test/<slug:intent>/",
    "api/^[\\s\\S]*$",
}
UNKNOWN = {
    "int": "999999999",
    "str": "zz-unknown",
    "slug": "zz-unknown",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


@dataclass(frozen=True)
class Address:
    """One pattern of the URL table, put together, and the view behind it."""

    pattern: str
    view: Any

    @property
    def path(self) -> str:
        """A path that matches, naming things that do not exist."""
        filled = re.sub(r"<(\w+):\w+>", lambda found: UNKNOWN[found[1]], self.pattern)
        return f"/{filled.replace('^[', 'nowhere-[').split('[')[0]}"

    @property
    def capability(self) -> Capability | None:
        """The capability that the view itself names for GET."""
        api = getattr(self.view, "cls", None)
        if api is not None:
            return capability_for(api, "GET")
        found: Capability | None = getattr(self.view, "required_capability", None)
        return found


def _walk(patterns: list[Any], prefix: str = "") -> Iterator[Address]:
    for entry in patterns:
        whole = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, whole)
        elif isinstance(entry, URLPattern):
            yield Address(whole, entry.callback)


def addresses() -> list[Address]:
    """Every address of ours; those of allauth, which guards its own, are left out."""
    return [address for address in _walk(get_resolver().url_patterns) if not address.pattern.startswith("auth/")]


def methods_of(address: Address) -> list[str]:
    """The methods an API view implements; GET for a page."""
    api = getattr(address.view, "cls", None)
    return (
        [name for name in ("GET", "POST", "PUT", "PATCH", "DELETE") if hasattr(api, name.lower())] if api else ["GET"]
    )


def declared(address: Address, method: str = "GET") -> Right | None:
    """The right that the table names; None if it has no line."""
    return TABLE.get(f"{method} {address.pattern}", TABLE.get(address.pattern))


ALL = addresses()
GUARDED = [address for address in ALL if isinstance(declared(address, methods_of(address)[0]), Capability)]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    """The demo's own pages are there, so that they can be asked for."""
    settings.DEMO = True


def test_d52_every_address_is_in_the_table() -> None:
    missing = [f"{method} {a.pattern}" for a in ALL for method in methods_of(a) if declared(a, method) is None]
    assert not missing, f"Add a line to TABLE in {__name__} for each of: {missing}"


def test_the_table_names_no_address_that_is_gone() -> None:
    known = {a.pattern for a in ALL} | {f"{method} {a.pattern}" for a in ALL for method in methods_of(a)}
    assert not set(TABLE) - known


@pytest.mark.parametrize("address", ALL, ids=lambda a: a.pattern)
def test_d52_the_view_asks_for_the_right_that_the_table_names(address: Address) -> None:
    right = declared(address, methods_of(address)[0])
    api = getattr(address.view, "cls", None)
    if isinstance(right, Capability):
        found = (
            {method: capability_for(api, method) for method in methods_of(address)}
            if api
            else {"GET": address.capability}
        )
        assert found == {method: declared(address, method) for method in found}
    elif right == PUBLIC:
        assert address.capability is None


@pytest.mark.django_db
@pytest.mark.parametrize("address", GUARDED, ids=lambda a: a.pattern)
def test_d52_nobody_is_sent_to_sign_in(client: Client, address: Address) -> None:
    response = client.get(address.path)
    if address.pattern.startswith("api/v1"):
        assert response.status_code == 401
    elif response.status_code == 405:
        assert client.post(address.path).status_code in (302, 401)
    else:
        assert response.status_code == 302
        assert response["Location"].startswith("/auth/login/")


@pytest.mark.django_db
@pytest.mark.parametrize("address", GUARDED, ids=lambda a: a.pattern)
def test_d52_colleagues_without_the_right_get_403_and_nobody_a_500(
    client: Client, cast: Cast, address: Address
) -> None:
    method = methods_of(address)[0]
    right = declared(address, method)
    assert isinstance(right, Capability)
    for person in (cast.viewer, cast.collector, cast.accountant, cast.lead, cast.admin, cast.stranger):
        client.force_login(person)
        response = _ask(client, address, method)
        if person.may(right):
            assert response.status_code < 500
            assert response.status_code != 403, (person, address.pattern)
        else:
            assert response.status_code == 403, (person, address.pattern)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [a for a in GUARDED if "<" in a.pattern], ids=lambda a: a.pattern)
def test_d53_an_id_that_does_not_exist_or_is_forged_is_404(client: Client, cast: Cast, address: Address) -> None:
    client.force_login(cast.admin)
    method = methods_of(address)[0]
    assert _ask(client, address, method).status_code in ((404, 400) if method == "PUT" else (404,))
    forged = Address(address.pattern.replace("<int:pk>", "9" * 30), address.view)
    assert _ask(client, forged, method).status_code in (404, 400)


@pytest.mark.django_db
def test_d53_everything_of_another_team_is_404(client: Client, cast: Cast) -> None:
    customer = factories.customer(number="K-1")
    invoice = factories.invoice(customer)
    payment = factories.payment(customer, "10.00", shares=[(invoice, None)])
    real = {"accounts": customer.pk, "invoices": invoice.pk, "cash": payment.pk, "customer_id": customer.pk,
            "number": "K-1", "invoice_id": invoice.pk, "payment_id": payment.pk,
            "allocation_id": payment.allocations.get().pk, "contact_id": customer.contacts.get().pk}  # fmt: skip
    client.force_login(cast.stranger)
    tried = 0
    for address in GUARDED:
        room = address.pattern.split("/")[0]
        path = address.pattern.replace("<int:pk>", str(real[room])) if room in real else address.pattern
        path = re.sub(r"<\w+:(\w+)>", lambda found: str(real.get(found[1], found[0])), path)
        if path != address.pattern and "<" not in path:
            tried += 1
            method = methods_of(address)[0]
            asked = _ask(client, Address(path, address.view), method)
            right = declared(address, method)
            assert asked.status_code == (404 if cast.stranger.may(right) else 403), path  # type: ignore[arg-type]
    assert tried > 20


@pytest.mark.django_db
@pytest.mark.parametrize("address", [a for a in ALL if a.pattern not in WITHOUT_CSRF], ids=lambda a: a.pattern)
def test_d77_unsafe_methods_without_a_csrf_token_are_refused(cast: Cast, address: Address) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.admin)
    response = client.post(address.path)
    assert response.status_code in (403, 405)
    if response.status_code == 405:
        assert client.get(address.path).status_code != 405 or hasattr(address.view, "cls")


def _ask(client: Client, address: Address, method: str) -> Any:
    """The answer to the method; POST where a page takes nothing else."""
    if method != "GET":
        return getattr(client, method.lower())(address.path, "{}", content_type="application/json")
    response = client.get(address.path)
    return client.post(address.path) if response.status_code == 405 else response


@pytest.mark.django_db
def test_a_person_who_was_switched_off_is_nobody(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin)
    User.objects.filter(pk=cast.admin.pk).update(is_active=False)
    assert client.get("/settings/").status_code == 302

"""Walks one customer's account through the calendar, a day at a time, with the daily jobs as beat runs them, and keeps
a diary of what the customer received. The tests beside it read like stories."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from collections_app.lib.dates import parse_date
from collections_app.lib.money import round_amount
from customers.models import Customer, DeliveryState
from dunning.models import Notice, Policy
from dunning.queries.why import why
from dunning.services.deliver_notices import deliver_notices
from dunning.services.install_policy import install_standard_policy
from dunning.services.prepare_due import prepare_due
from invoices.models import Invoice
from invoices.queries.verify_ledger import violations
from invoices.services.judge_plans import judge_plans
from invoices.services.judge_promises import judge_promises
from invoices.services.settle_disputes import settle_disputes
from tests import factories
from tests.dunning.conftest import NOON, pin


def day(text: str) -> date:
    """The day of "2026-03-05"."""
    return parse_date(text, order="ymd")


class Story:
    """One customer, what happens to it, and what it hears from us.

    The policy is the standard one: a word three days before the due date, mails 1, 8 and 21 days after it, a call
    after 35 and a letter after 50, contacts at least six days apart."""

    def __init__(self, begins: str, **customer: object) -> None:
        self.today = day(begins)
        pin(self.today)
        self.entity = factories.entity()
        self.policy: Policy = install_standard_policy(self.entity)
        self.customer: Customer = factories.customer(**customer)  # type: ignore[arg-type]
        self._told: set[int] = set()
        self.diary: list[str] = []

    def invoice(self, number: str, total: str, due: str, **fields: object) -> Invoice:
        """An invoice of the customer, issued 30 days before it is due."""
        fields.setdefault("who", self.customer)
        who = fields.pop("who")
        return factories.invoice(who, total, due_on=day(due), number=number, **fields)  # type: ignore[arg-type]

    def pays(self, amount: str, *invoices: Invoice) -> None:
        """The customer's money arrives today, for these invoices."""
        shares = [(invoice, None) for invoice in invoices]
        factories.payment(self.customer, amount, received_on=self.today, shares=shares)

    def until(self, last: str, at_work: Callable[[date], bool] = lambda _: True) -> "Story":
        """Itself, with every day up to `last`, inclusive, lived through. On days on which nobody is `at_work`, no job
        runs."""
        while self.today <= day(last):
            if at_work(self.today):
                self._live()
            self.today += timedelta(days=1)
        self.today = day(last)
        pin(self.today)
        return self

    def reason(self) -> str:
        """The code of today's decision about the account: why something is, or is not, sent."""
        pin(self.today)
        return str(why(self.customer, self.today)[-1]["code"])

    def ends_with(self, *diary: str) -> None:
        """Nothing; fails unless the diary is this one and the books hold."""
        assert self.diary == list(diary), "\n".join(["The diary says:", *self.diary])
        assert violations() == []

    def _live(self) -> None:
        pin(self.today)
        judge_promises(on=self.today)
        judge_plans(on=self.today)
        settle_disputes(on=self.today)
        prepare_due(now=NOON)
        deliver_notices(now=lambda: NOON)
        left = Notice.objects.filter(state__in=[DeliveryState.ACCEPTED, DeliveryState.UNKNOWN])
        for notice in left.exclude(pk__in=self._told).prefetch_related("items").order_by("currency", "pk"):
            self._told.add(notice.pk)
            numbers = " ".join(item.number for item in notice.items.order_by("due_on", "pk"))
            amount = round_amount(Decimal(notice.amount), notice.currency)
            self.diary.append(f"{self.today:%a %-d %b}: {notice.step_name}, {amount} {notice.currency} for {numbers}")

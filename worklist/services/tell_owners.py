"""Tells the owners of disputes what others did with them, and that a deadline is near. Idempotent: each thing is told
once, whoever asks and however often. By set."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from collections_app.web.writing import date_text
from invoices.models import DisputeCase, DisputeEvent
from worklist.models import Notification
from worklist.services.notify import News, notify_all

RECENT = timedelta(days=2)
_KIND = DisputeEvent.Kind


def tell_owners(*, now: datetime, on: date, customer_ids: Iterable[int] | None = None) -> int:
    """How many notifications were made: for events of the last two days by anybody but the owner, and for answers that
    are due by tomorrow. All customers unless some are named."""
    told = notify_all(news=[*_events(now, customer_ids), *_deadlines(on, customer_ids)])
    return len(told)


def _events(now: datetime, customer_ids: Iterable[int] | None) -> list[News]:
    rows = (
        DisputeEvent.objects.filter(at__gte=now - RECENT, case__owner__isnull=False)
        .filter(Q(by__isnull=True) | ~Q(by=F("case__owner")))
        .exclude(kind=_KIND.FILE)
        .select_related("case__owner", "case__customer__entity", "by").order_by("pk")
    )  # fmt: skip
    if customer_ids is not None:
        rows = rows.filter(case__customer__in=list(customer_ids))
    return [_news(row.case, _sentence(row), f"dispute-event:{row.pk}") for row in rows]


def _deadlines(on: date, customer_ids: Iterable[int] | None) -> list[News]:
    rows = DisputeCase.objects.filter(answer_by__lte=on + timedelta(days=1), owner__isnull=False).exclude(
        stage=DisputeCase.Stage.CLOSED
    )
    if customer_ids is not None:
        rows = rows.filter(customer__in=list(customer_ids))
    found = []
    for case in rows.select_related("owner", "customer__entity").order_by("pk"):
        words = _("%(reference)s of %(customer)s: the answer is due %(day)s") % {
            "reference": case.reference, "customer": case.customer.name, "day": date_text(case.answer_by, on=on),
        }  # fmt: skip
        found.append(_news(case, words, f"dispute-due:{case.pk}:{case.answer_by}"))
    return found


def _news(case: DisputeCase, words: str, source: str) -> News:
    assert case.owner is not None
    return News(
        users=(case.owner,), kind=Notification.Kind.DISPUTE, text=words, url=reverse("dispute_case", args=[case.pk]),
        customer=case.customer, source=source,
    )  # fmt: skip


def _sentence(row: DisputeEvent) -> str:
    facts = {
        "who": str(row.by or row.by_name or _("A job")), "reference": row.case.reference,
        "customer": row.case.customer.name, "stage": row.case.Stage(row.stage).label if row.stage else "",
    }  # fmt: skip
    sentences = {
        _KIND.OPENED: _("%(who)s opened %(reference)s of %(customer)s"),
        _KIND.MOVED: _("%(who)s moved %(reference)s of %(customer)s: %(stage)s"),
        _KIND.CHANGED: _("%(who)s changed %(reference)s of %(customer)s"),
        _KIND.COMMENT: _("%(who)s commented on %(reference)s of %(customer)s"),
        _KIND.ASKED: _("%(who)s asked a colleague about %(reference)s of %(customer)s"),
        _KIND.ANSWERED: _("%(who)s answered about %(reference)s of %(customer)s"),
        _KIND.CLOSED: _("%(who)s closed %(reference)s of %(customer)s"),
        _KIND.REOPENED: _("%(who)s opened %(reference)s of %(customer)s again"),
    }
    return sentences[_KIND(row.kind)] % facts

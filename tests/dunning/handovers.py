"""Notices that left long ago, for tests of what follows the last step."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from customers.models import Customer, DeliveryState
from dunning.models import Notice, NoticeItem, Policy, Run
from invoices.models import Invoice


def sent_notice(
    policy: Policy, who: Customer, *invoices: Invoice, position: int, on: date, given: int = 10, **fields: object
) -> Notice:
    """The step at that position, accepted by the provider on that day, with that many days to pay."""
    step = policy.steps.get(position=position)
    run, _ = Run.objects.get_or_create(policy=policy, as_of=on, defaults={"state": Run.State.PREPARED})
    at = datetime.combine(on, time(8), UTC)
    values: dict[str, object] = {
        "run": run, "policy": policy, "step": step, "step_position": step.position, "step_name": step.name,
        "step_offset": step.offset_days, "stage": step.stage, "cycle": str(invoices[0].pk), "entity": who.entity,
        "customer": who, "contact": who.contacts.first(), "channel": step.channel, "currency": invoices[0].currency,
        "to_address": "ap@customer.example" if step.channel == "email" else "", "language": "en", "as_of": on,
        "sent_on": on, "amount": sum((one.total for one in invoices), Decimal(0)), "pay_by": on + timedelta(days=given),
        "state": DeliveryState.ACCEPTED, "subject": f"{step.name}: {invoices[0].number}", "sending_at": at,
        "body_text": f"Please pay {invoices[0].number}.\n", "body_html": "<p>Please pay.</p>", "settled_at": at,
        "message_id": f"notice.{invoices[0].pk}.{position}@collections.example",
    }  # fmt: skip
    notice = Notice.objects.create(**(values | fields))
    NoticeItem.objects.bulk_create(
        NoticeItem(
            notice=notice, customer=who, invoice=one, number=one.number, issued_on=one.issued_on, due_on=one.due_on,
            open_amount=one.total, asked_amount=one.total, days_late=(on - one.due_on).days,
        )
        for one in invoices
    )  # fmt: skip
    return notice

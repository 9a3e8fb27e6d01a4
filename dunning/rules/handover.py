"""When reminders have said all they can, and what must have happened before a debt may be handed over. Pure; the words
for people are part of the answer. Worked examples are in docs/handover.md."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from collections_app.lib.dates import format_date
from dunning.rules.facts import CLAIM_KINDS, Account, AskedItem, PolicyFacts
from dunning.rules.weigh import weigh

# Days that a written notice before collection must leave, by the debtor's country: Denmark, Inkassoloven § 10; Norway,
# Inkassoloven § 9 (L6, L7). There it is a condition; elsewhere it is advice.
NOTICE_DAYS: Mapping[str, int] = {"DK": 10, "NO": 14}
# A hold must have an end; when it comes, people look at the debt anew.
HOLD_DAYS = 3 * 365
# What is said in words only is no notice.
SPOKEN = frozenset({"call_task"})


class LastNotice(NamedTuple):
    """The last final notice of a claim that certainly left: when, by which channel, and the day it set to pay by."""

    sent_on: date
    pay_by: date
    channel: str


class Standing(NamedTuple):
    """A claim of a handover: its name for people, and its last final notice, or None."""

    number: str
    notice: LastNotice | None


def ended(policy: PolicyFacts, account: Account, on: date, pay_by: Mapping[str, date]) -> list[AskedItem]:
    """The overdue items for which reminders are over (R22): they had the last step, and the time it gave has passed.

    `pay_by` has, by claim, the last day that a notice about it set to pay. Fees and interest follow once nothing else
    of the account is still being reminded of. Nothing while the customer is on hold, and never a related party."""
    if account.related_party or account.hold or not policy.ladder:
        return []
    last = policy.ladder[-1].position
    overdue = weigh(account.items, on, policy.days_after_delivery).overdue
    mains = [one for one in overdue if one.item.kind not in CLAIM_KINDS]
    over = [one for one in mains if one.item.sent_step >= last and pay_by.get(one.item.claim, on) < on]
    if over and len(over) == len(mains):
        over += [one for one in overdue if one.item.kind in CLAIM_KINDS]
    return over


def is_law(country: str) -> bool:
    """Whether a debt in that country may not be collected by others without a notice before."""
    return country in NOTICE_DAYS


def notice_missing(country: str, standings: Iterable[Standing], on: date) -> str:
    """Why debts in that country should not go to an agency or a court yet, as a sentence; "" when they may.

    Every claim needs a final notice in writing, and the time it gave must be over. Where the law sets that time, a
    shorter one does not count as a notice at all."""
    days = NOTICE_DAYS.get(country, 0)
    for standing in standings:
        notice = standing.notice
        if notice is None or notice.channel in SPOKEN:
            return f"{standing.number} had no final notice in writing. Send one, and wait for the end of its term."
        given = (notice.pay_by - notice.sent_on).days
        if given < days:
            return (
                f"The final notice about {standing.number} gave {given} days to pay; "
                f"{_COUNTRIES[country]} law wants {days} before collection. Send another one."
            )
        if on <= notice.pay_by:
            return (
                f"The final notice about {standing.number} gives time until {format_date(notice.pay_by)}. "
                "Hand it over after that day."
            )
    return ""


def second_person_missing(*, amount: Decimal, limit: Decimal | None, before: Collection[int], person_id: int) -> bool:
    """Whether this person may not do it alone: the amount is over the limit (both in one currency; no limit means every
    amount), and nobody else than this person stands behind it so far. `before`: ids of the people who do."""
    return amount > (limit or Decimal(0)) and set(before) <= {person_id}


def hold_until(on: date) -> date:
    """The last day of the holds that keep reminders from what was handed over on that day."""
    return on + timedelta(days=HOLD_DAYS)


_COUNTRIES = {"DK": "Danish", "NO": "Norwegian"}

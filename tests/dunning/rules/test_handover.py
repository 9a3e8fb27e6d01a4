"""When reminders are over, and what must have happened before others may collect."""

from datetime import date, timedelta
from decimal import Decimal

from dunning.rules.facts import Account, HoldFacts, OpenItem, Pause, PolicyFacts, StepFacts
from dunning.rules.handover import LastNotice, Standing, ended, notice_missing, second_person_missing
from tests.tables import table

DAY = date(2026, 3, 2)
POLICY = PolicyFacts(
    (
        StepFacts(1, "Courtesy", -3, "email", "preventive"),
        StepFacts(2, "Reminder", 1, "email", "early"),
        StepFacts(3, "Final letter", 30, "letter", "final", 10),
        StepFacts(4, "Broken promise", 1, "call_task", "late", anchor="broken_promise"),
    )
)


def item(pk: int, sent: int, *, days_late: int = 60, **fields: object) -> OpenItem:
    due = DAY - timedelta(days=days_late)
    return OpenItem(pk, f"R{pk}", 1, due - timedelta(days=30), due, Decimal(100), sent, **fields)  # type: ignore[arg-type]


def account(*items: OpenItem, **fields: object) -> Account:
    return Account(1, "EUR", items, "DE", **fields)  # type: ignore[arg-type]


def over(found: Account, *, pay_by: date = DAY - timedelta(days=1)) -> list[int]:
    days = {one.claim: pay_by for one in found.items}
    return [one.item.invoice_id for one in ended(POLICY, found, DAY, days)]


def test_r22_an_item_is_over_on_the_day_after_the_time_of_the_last_step() -> None:
    assert over(account(item(1, 3)), pay_by=DAY) == []
    assert over(account(item(1, 3)), pay_by=DAY - timedelta(days=1)) == [1]


def test_r22_younger_items_go_on_while_the_old_one_is_over() -> None:
    assert over(account(item(1, 3), item(2, 2), item(3, 0, days_late=-5))) == [1]


def test_r22_a_step_beside_the_ladder_is_not_its_end() -> None:
    assert over(account(item(1, 2))) == []


def test_r22_fees_follow_once_nothing_else_is_reminded_of() -> None:
    fee = item(9, 0, kind="fee")
    assert over(account(item(1, 3), item(2, 2), fee)) == [1]
    assert over(account(item(1, 3), item(2, 3), fee)) == [1, 2, 9]
    assert over(account(fee)) == []


def test_r9_r10_what_is_disputed_or_held_is_not_handed_over() -> None:
    half = item(1, 3, pause=Pause(disputed=Decimal(40)))
    all_of_it = item(2, 3, pause=Pause(disputed=Decimal(100)))
    found = ended(POLICY, account(half, all_of_it), DAY, {"1": DATE_BEFORE, "2": DATE_BEFORE})
    assert [(one.item.invoice_id, one.asked) for one in found] == [(1, Decimal(60))]


def test_r9_r21_nothing_is_over_on_hold_or_for_a_related_party() -> None:
    assert over(account(item(1, 3), hold=HoldFacts("legal", DAY))) == []
    assert over(account(item(1, 3), related_party=True)) == []


DATE_BEFORE = DAY - timedelta(days=1)


def standing(*, sent: int, given: int, channel: str = "letter") -> list[Standing]:
    sent_on = DAY - timedelta(days=sent)
    return [Standing("R1", LastNotice(sent_on, sent_on + timedelta(days=given), channel))]


def test_l6_denmark_wants_a_notice_of_ten_days_that_have_run_out() -> None:
    assert notice_missing("DK", standing(sent=11, given=10), DAY) == ""
    assert "time until 2" in notice_missing("DK", standing(sent=10, given=10), DAY)
    assert "gave 9 days to pay; Danish law wants 10" in notice_missing("DK", standing(sent=30, given=9), DAY)


def test_l7_norway_wants_fourteen_days_and_writing() -> None:
    assert notice_missing("NO", standing(sent=15, given=14), DAY) == ""
    assert "Norwegian law wants 14" in notice_missing("NO", standing(sent=30, given=10), DAY)
    assert "in writing" in notice_missing("NO", standing(sent=30, given=14, channel="call_task"), DAY)
    assert "R7 had no final notice" in notice_missing("NO", [*standing(sent=30, given=14), Standing("R7", None)], DAY)


def test_elsewhere_the_term_of_the_notice_itself_is_enough() -> None:
    assert notice_missing("DE", standing(sent=6, given=5), DAY) == ""


def test_four_eyes_over_the_limit_and_always_where_there_is_none() -> None:
    def alone(amount: int, limit: int | None, before: list[int]) -> bool:
        found = None if limit is None else Decimal(limit)
        return second_person_missing(amount=Decimal(amount), limit=found, before=before, person_id=7)

    assert not alone(100, 100, [7])
    assert alone(101, 100, [7])
    assert alone(101, 100, [])
    assert not alone(101, 100, [7, 8])
    assert alone(1, None, [7])


def test_the_worked_table_of_the_document_is_what_the_rule_says() -> None:
    rows = table("handover.md", "country", "days since the final notice", "days it gave", "may go")
    assert len(rows) == 6
    for country, since, given, may in rows:
        missing = notice_missing(country, standing(sent=int(since), given=int(given)), DAY)
        assert (missing == "") == (may == "yes"), (country, since, given)

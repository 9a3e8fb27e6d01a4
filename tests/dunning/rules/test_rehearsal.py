"""Rehearsed notices laid over the facts: the same rule goes on from them as from real ones."""

from datetime import date, timedelta
from decimal import Decimal

from dunning.rules.decide import decide
from dunning.rules.facts import Account, InHand, LastContact, OpenItem, PolicyFacts, StepFacts
from dunning.rules.rehearsal import Memory, before, overlay, remember
from dunning.rules.rehearsal_report import EMPTY, Counted, merged, report
from tests.tables import table

DUE = date(2026, 3, 2)  # a Monday
POLICY = PolicyFacts(
    (
        StepFacts(1, "Courtesy", -3, "email", "preventive"),
        StepFacts(2, "First", 1, "email", "early"),
        StepFacts(3, "Second", 8, "email", "early"),
        StepFacts(4, "Final", 22, "letter", "final"),
    )
)


def item(pk: int, due_on: date = DUE, amount: int = 100, **fields: object) -> OpenItem:
    return OpenItem(pk, f"R{pk}", 1, due_on - timedelta(days=30), due_on, Decimal(amount), **fields)  # type: ignore[arg-type]


def account(*items: OpenItem, **fields: object) -> Account:
    return Account(7, "EUR", items, "DE", reach=frozenset({"email", "address"}), **fields)  # type: ignore[arg-type]


def walked(*items: OpenItem, days: int = 40, first: date = DUE, **fields: object) -> list[tuple[date, str]]:
    """The steps a policy takes with an account that nobody pays."""
    found, memory = [], Memory()
    for n in range(days):
        on = first + timedelta(days=n)
        seen = overlay(account(*items, **fields), memory, {})
        decision = decide(POLICY, seen, on)
        if decision.proposes and decision.step:
            found.append((on, decision.step.name))
            remember(memory, POLICY, 7, decision, on)
    return found


def test_f36_a_rehearsal_walks_the_ladder_as_the_runs_would() -> None:
    assert walked(item(1)) == [
        (date(2026, 3, 2), "Courtesy"),
        (date(2026, 3, 9), "First"),  # six days between contacts
        (date(2026, 3, 16), "Second"),
        (date(2026, 3, 24), "Final"),
    ]


def test_r3_the_younger_item_on_a_stern_letter_has_not_had_the_stern_step() -> None:
    memory = Memory()
    on = DUE + timedelta(days=22)
    young, old = item(2, DUE + timedelta(days=12)), item(1, sent_step=3, sent_on=DUE + timedelta(days=8))
    decision = decide(POLICY, account(old, young), on)
    assert decision.step is not None
    remember(memory, POLICY, 7, decision, on)
    assert decision.step.name == "Final"
    assert (memory.claims[1, None].sent_step, memory.claims[2, None].sent_step) == (4, 3)
    assert memory.contacts[7] == LastContact(on, "Final")


def test_real_notices_of_the_period_and_what_is_under_way_are_not_seen() -> None:
    real = item(1, sent_step=3, sent_on=DUE + timedelta(days=9))
    seen = overlay(
        account(real, in_hand=InHand("First", "approved", DUE), last_contact=LastContact(DUE, "First")), Memory(), {}
    )
    assert (seen.items[0].sent_step, seen.items[0].sent_on) == (0, None)
    assert (seen.in_hand, seen.last_contact) == (None, None)


def test_what_was_sent_before_the_first_day_is_kept() -> None:
    real = account(item(1, sent_step=2, sent_on=DUE), last_contact=LastContact(DUE, "First"))
    seen = overlay(account(item(1, sent_step=4, sent_on=DUE + timedelta(days=30))), before([real]), {})
    assert (seen.items[0].sent_step, seen.last_contact) == (2, LastContact(DUE, "First"))


def test_r5_contacts_by_hand_count_as_they_were() -> None:
    memory = Memory(contacts={7: LastContact(DUE, "First")})
    later = {7: LastContact(DUE + timedelta(days=2), "Call")}
    assert overlay(account(item(1)), memory, later).last_contact == later[7]
    assert overlay(account(item(1)), memory, {7: LastContact(DUE - timedelta(days=2), "Call")}).last_contact == (
        LastContact(DUE, "First")
    )


def test_r9_after_a_hold_that_starts_again_what_was_rehearsed_before_counts_no_more() -> None:
    memory = Memory()
    first = decide(POLICY, account(item(1)), DUE + timedelta(days=1))
    remember(memory, POLICY, 7, first, DUE + timedelta(days=1))
    again = account(item(1), restarted_on=DUE + timedelta(days=10))
    assert overlay(again, memory, {}).items[0].sent_step == 0
    assert overlay(account(item(1), restarted_on=DUE + timedelta(days=1)), memory, {}).items[0].sent_step == 2


def counted(*letters: tuple[int, date], paid: dict[int, list[date]], within: int = 3) -> dict[str, object]:
    """The report of letters about these invoices."""
    tally = Counted(paid, within)
    for pk, on in letters:
        one = account(item(pk, on - timedelta(days=1)))
        tally.add(one, decide(POLICY, one, on), on)
    return report(tally.tally({7: ("C7", "Seven")}, 1), first=DUE, last=DUE + timedelta(days=9))


def test_f36_a_letter_crosses_money_that_comes_in_the_days_after_it_not_on_its_day_nor_later() -> None:
    on = DUE + timedelta(days=1)
    for days, crossed in ((0, 0), (1, 1), (3, 1), (4, 0)):
        assert counted((1, on), paid={1: [on + timedelta(days=days)]})["crossed"] == crossed, days
    assert counted((1, on), paid={2: [on]})["crossed"] == 0


def test_f36_tallies_of_chunks_add_up_and_an_empty_one_changes_nothing() -> None:
    def tally(who: int, code_on: date) -> dict[str, object]:
        one = Counted({}, 3)
        held = account(item(who, code_on - timedelta(days=1)))._replace(customer_id=who)
        one.add(held, decide(POLICY, held, code_on), code_on)
        return one.tally({who: (f"C{who}", "Name")}, 1)

    on = DUE + timedelta(days=1)
    both = merged(merged(EMPTY, tally(1, on)), tally(2, on))
    told = report(both, first=DUE, last=on)
    assert (told["customers"], told["reached"], told["number"]) == (2, 2, 2)
    assert told["letters"] == [
        {"position": 2, "step": "First", "channel": "email", "number": 2, "crossed": 0, "amounts": {"EUR": "200.00"}}
    ]
    assert told["addressed"] == {"EUR": "200.00"}
    assert [day["number"] for day in told["load"]] == [0, 2]
    assert told["busiest"] == {"on": on.isoformat(), "number": 2}


def test_f36_customers_never_reached_are_counted_with_the_reason_that_held_longest() -> None:
    tally = Counted({}, 3)
    poor = account(item(1, DUE - timedelta(days=5)), min_amount=Decimal(500))
    for n in range(4):
        tally.add(poor, decide(POLICY, poor, DUE + timedelta(days=n)), DUE + timedelta(days=n))
    told = report(tally.tally({7: ("C7", "Seven")}, 1), first=DUE, last=DUE + timedelta(days=3))
    assert told["never_reached"] == {
        "customers": 1,
        "why": [{"code": "below_minimum", "label": "Below the minimum", "customers": 1}],
        "examples": [{"customer": "C7", "name": "Seven", "code": "below_minimum", "label": "Below the minimum"}],
    }
    (sample,) = told["samples"]
    assert [day["code"] for day in sample["days"]] == ["below_minimum"]


def test_the_worked_table_of_the_document_is_what_is_counted() -> None:
    rows = table("rehearsal.md", "money came on", "needless")
    assert len(rows) == 4
    for day, needless in rows:
        crossed = counted((1, date(2026, 3, 3)), paid={1: [date.fromisoformat(day)]})["crossed"]
        assert (crossed == 1) == (needless == "yes"), day

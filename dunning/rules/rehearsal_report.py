"""Counting what a rehearsal did, in parts that add up: each chunk of customers makes a tally, and tallies of several
chunks make one report. Pure; everything is plain JSON, amounts as strings.

A letter crossed a payment when money came in for one of its invoices in the days after it: it was needless."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dunning.rules.facts import Account, Decision
from dunning.rules.sentences import LABELS, sentence

Tally = dict[str, Any]
EXAMPLES = 50  # of customers never reached
SAMPLES = 6  # accounts told day by day
DIARY = 60  # days of one account
# Nothing was asked for on such a day, so nobody was missed.
QUIET = frozenset({"nothing_open", "not_due"})


class Counted:
    """The tally of one chunk of customers while it is replayed. `paid_on` has, by invoice, the days on which money came
    in for it, ascending."""

    def __init__(self, paid_on: Mapping[int, Sequence[date]], within: int) -> None:
        self._paid_on, self._within = paid_on, within
        self._letters: dict[tuple[int, str, str], dict[str, Any]] = {}
        self._load: dict[str, Counter[str]] = {}
        self._addressed: dict[tuple[str, str], Decimal] = {}
        self._reached: Counter[int] = Counter()
        self._crossed: Counter[int] = Counter()
        self._codes: dict[int, Counter[str]] = {}
        self._diaries: dict[tuple[int, str], list[tuple[date, Decision]]] = {}

    def add(self, account: Account, decision: Decision, on: date) -> None:
        """Nothing; the decision about the account on that day is counted."""
        who = account.customer_id
        if decision.code not in QUIET:
            self._codes.setdefault(who, Counter())[decision.code] += 1
        diary = self._diaries.setdefault((who, account.currency), [])
        if decision.proposes or not diary or diary[-1][1].code != decision.code:
            diary.append((on, decision))
        if decision.proposes:
            self._letter(account, decision, on)

    def tally(self, names: Mapping[int, tuple[str, str]], customers: int) -> Tally:
        """What was counted, as plain JSON. `names` has number and name by customer; `customers` were looked at."""
        missed = [who for who in sorted(self._codes) if not self._reached[who]]
        why = {who: self._codes[who].most_common(1)[0][0] for who in missed}
        return {
            "customers": customers,
            "owing": len(self._codes),
            "reached": len(self._reached),
            "letters": [self._row(key, row) for key, row in sorted(self._letters.items())],
            "addressed": _texts(_summed((key[1], amount) for key, amount in self._addressed.items())),
            "load": {day: dict(found) for day, found in sorted(self._load.items())},
            "never": dict(Counter(why.values())),
            "never_examples": [[*names[who], why[who]] for who in missed[:EXAMPLES]],
            "samples": self._samples(names, missed),
        }

    def _letter(self, account: Account, decision: Decision, on: date) -> None:
        step = decision.step
        assert step is not None
        row = self._letters.setdefault(
            (step.position, step.name, decision.channel), {"number": 0, "crossed": 0, "amounts": {}}
        )
        row["number"] += 1
        row["amounts"][account.currency] = row["amounts"].get(account.currency, Decimal(0)) + decision.amount
        crossed = any(self._paid_soon(one.item.invoice_id, on) for one in decision.items)
        row["crossed"] += crossed
        self._crossed[account.customer_id] += crossed
        self._reached[account.customer_id] += 1
        self._load.setdefault(on.isoformat(), Counter())[decision.channel] += 1
        for one in decision.items:
            self._addressed.setdefault((one.item.claim, account.currency), one.asked)

    def _paid_soon(self, invoice_id: int, on: date) -> bool:
        days = self._paid_on.get(invoice_id)
        if not days:
            return False
        place = bisect_right(days, on)
        return place < len(days) and days[place] <= on + timedelta(days=self._within)

    def _row(self, key: tuple[int, str, str], row: Mapping[str, Any]) -> dict[str, Any]:
        position, step, channel = key
        return {
            "position": position, "step": step, "channel": channel, "number": row["number"],
            "crossed": row["crossed"], "amounts": _texts(row["amounts"]),
        }  # fmt: skip

    def _samples(self, names: Mapping[int, tuple[str, str]], missed: Sequence[int]) -> list[dict[str, Any]]:
        """Accounts worth looking at: with a needless letter, with most letters, and some that got none."""
        crossed = [who for who, number in self._crossed.most_common(2) if number]
        most = [who for who, _ in self._reached.most_common(3)]
        chosen = list(dict.fromkeys([*crossed, *most, *missed[:2]]))[:SAMPLES]
        return [
            {
                "customer": names[who][0],
                "name": names[who][1],
                "currency": currency,
                "letters": sum(decision.proposes for _, decision in diary),
                "crossed": self._crossed[who],
                "days": [_told(on, decision, currency) for on, decision in diary[:DIARY]],
            }
            for (who, currency), diary in self._diaries.items()
            if who in chosen
        ][:SAMPLES]


def merged(one: Tally, other: Tally) -> Tally:
    """Two tallies of different customers as one; an empty one changes nothing."""
    if not one or not other:
        return one or other
    letters: dict[tuple[int, str, str], dict[str, Any]] = {}
    for row in [*one["letters"], *other["letters"]]:
        key = (row["position"], row["step"], row["channel"])
        held = letters.get(key)
        letters[key] = row if held is None else _both(held, row)
    samples = sorted([*one["samples"], *other["samples"]], key=lambda row: (-row["crossed"], -row["letters"]))
    return {
        **{name: one[name] + other[name] for name in ("customers", "owing", "reached")},
        "letters": [letters[key] for key in sorted(letters)],
        "addressed": _added(one["addressed"], other["addressed"]),
        "load": {
            day: dict(Counter(one["load"].get(day, {})) + Counter(other["load"].get(day, {})))
            for day in sorted({*one["load"], *other["load"]})
        },
        "never": dict(Counter(one["never"]) + Counter(other["never"])),
        "never_examples": [*one["never_examples"], *other["never_examples"]][:EXAMPLES],
        "samples": samples[:SAMPLES],
    }


def report(tally: Tally, *, first: date, last: date) -> dict[str, Any]:
    """The finished report: totals, the load of every day of the period, and reasons with their labels."""
    letters = tally["letters"]
    number, crossed = sum(row["number"] for row in letters), sum(row["crossed"] for row in letters)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    load = [{"on": day.isoformat(), "by_channel": tally["load"].get(day.isoformat(), {})} for day in days]
    loads = [{**day, "number": sum(day["by_channel"].values())} for day in load]
    busiest = max(loads, key=lambda day: day["number"])
    why = sorted(tally["never"].items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "customers": tally["customers"],
        "owing": tally["owing"],
        "reached": tally["reached"],
        "letters": letters,
        "number": number,
        "amounts": _added(*[row["amounts"] for row in letters]),
        "addressed": tally["addressed"],
        "crossed": crossed,
        "crossed_percent": str((Decimal(100 * crossed) / number).quantize(Decimal("0.1"))) if number else "0.0",
        "load": loads,
        "busiest": {"on": busiest["on"], "number": busiest["number"]} if busiest["number"] else None,
        "never_reached": {
            "customers": sum(tally["never"].values()),
            "why": [{"code": code, "label": LABELS.get(code, code), "customers": count} for code, count in why],
            "examples": [
                {"customer": who, "name": name, "code": code, "label": LABELS.get(code, code)}
                for who, name, code in tally["never_examples"]
            ],
        },
        "samples": tally["samples"],
    }


EMPTY: Tally = {
    "customers": 0, "owing": 0, "reached": 0, "letters": [], "addressed": {}, "load": {}, "never": {},
    "never_examples": [], "samples": [],
}  # fmt: skip


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "number": one["number"] + other["number"],
        "crossed": one["crossed"] + other["crossed"],
        "amounts": _added(one["amounts"], other["amounts"]),
    }


def _told(on: date, decision: Decision, currency: str) -> dict[str, Any]:
    told = {"on": on.isoformat(), "code": decision.code, "label": LABELS.get(decision.code, decision.code)}
    told["sentence"] = sentence(decision.code, decision.facts, currency)
    if decision.proposes and decision.step:
        told |= {"step": decision.step.name, "channel": decision.channel, "amount": f"{decision.amount:f}"}
    return told


def _summed(pairs: Any) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for currency, amount in pairs:
        found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def _added(*parts: Mapping[str, str]) -> dict[str, str]:
    return _texts(_summed((currency, Decimal(amount)) for part in parts for currency, amount in part.items()))


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: f"{amounts[currency]:.2f}" for currency in sorted(amounts)}

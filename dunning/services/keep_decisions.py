"""Keeps what a run decided about every account, with the facts it rested on (F23); by COPY, because they are many."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from dunning.models import Run
from dunning.queries.decisions import Decided
from invoices.services.import_copy import NULL, copy_lines, escaped

_COPY = (
    "COPY dunning_decisionrecord (run_id, customer_id, currency, as_of, code, facts, step_position, amount) FROM STDIN"
)


def keep_decisions(*, run: Run, decided: Sequence[Decided]) -> None:
    """Nothing; every decision of this chunk is kept. Must run in the transaction that writes its notices."""
    copy_lines(_COPY, _lines(run, decided))


def _lines(run: Run, decided: Sequence[Decided]) -> Iterator[str]:
    day = run.as_of.isoformat()
    for person, currency, decision in decided:
        step = str(decision.step.position) if decision.step else NULL
        amount = f"{decision.amount:f}" if decision.proposes else NULL
        facts = escaped(facts_json(decision.facts))
        yield f"{run.pk}\t{person.customer_id}\t{currency}\t{day}\t{decision.code}\t{facts}\t{step}\t{amount}\n"


def facts_json(facts: Any) -> str:
    """The facts as JSON: dates as ISO, Decimals as text with their digits."""
    return _ENCODER.encode(facts)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"A decision's facts hold a {type(value).__name__}.")


_ENCODER = json.JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":"))

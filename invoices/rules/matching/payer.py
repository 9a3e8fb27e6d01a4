"""Who may have sent a line: customers whose account, name or number it carries, with the points for each."""

from collections.abc import Mapping

from invoices.rules.matching.facts import Line
from invoices.rules.matching.index import Index
from invoices.rules.matching.named import Named
from invoices.rules.matching.names import folded_name
from invoices.rules.matching.points import WHO, WHO_CAP, Reason, reason


class Senders:
    """The evidence WHO sent one line. Asked per customer; the answers are made once per line."""

    def __init__(self, line: Line, named: Named, index: Index) -> None:
        self._by_account = index.payers.accounts.get(line.account, {}) if line.account else {}
        self._by_name = index.payers.names.get(folded_name(line.name), {}) if line.name else {}
        self._alike = index.names.customers_like(line.name) if line.name else {}
        self._named = named
        self._index = index

    def customers(self) -> frozenset[int]:
        """Every customer that account, name or number point at."""
        return frozenset(
            {*self._by_account, *self._by_name, *self._alike, *self._named.customers, *self._named.settled}
        )

    def reasons(self, customer_id: int) -> list[Reason]:
        """What speaks for this customer as the sender, in all no more than the cap; and what speaks against."""
        codes = []
        if customer_id in self._by_account:
            codes.append("account" if _is_alone(self._by_account) else "account_shared")
        if customer_id in self._named.customers:
            codes.append("customer_number")
        if customer_id in self._named.settled:
            codes.append("number_settled")
        if customer_id in self._by_name and _is_alone(self._by_name):
            codes.append("name_learned")
        if customer_id in self._alike:
            codes.append(self._alike[customer_id])
        found, room = [], WHO_CAP
        for code in sorted(codes, key=lambda code: -WHO[code]):
            customer = self._index.customers.get(customer_id)
            points = min(room, WHO[code])
            room -= points
            found.append(reason(code, customer.number if customer else "", points=points))
        if self._by_account and customer_id not in self._by_account:
            found.append(reason("other_account"))
        return found


def _is_alone(times: Mapping[int, int]) -> bool:
    """Whether one customer only paid under it."""
    return len(times) == 1

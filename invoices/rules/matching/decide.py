"""Matches the lines of one file: each by itself first, then together, so that no two take the same money.

1. Every line is judged against all open items. 2. What is certain is taken in the order of its strength: a later line
that needs the same item is judged again against what is left. 3. Lines that were not certain stay so, however few
possibilities the others left them: what is left over is a guess, not evidence."""

from collections.abc import Iterable, Sequence

from invoices.rules.matching.facts import Line, Settings, units
from invoices.rules.matching.index import Book, Index
from invoices.rules.matching.named import Named, seen_by
from invoices.rules.matching.naming import named_by
from invoices.rules.matching.payer import Senders
from invoices.rules.matching.proposals import Account, proposals
from invoices.rules.matching.reading import read_line
from invoices.rules.matching.scoring import on_account, scored
from invoices.rules.matching.suggestion import Answer, Suggestion
from invoices.rules.matching.take_back import PaymentIndex, is_certain, taken_back

_MOST_SUGGESTIONS = 5
_MOST_CUSTOMERS = 25
_MOST_BY_AMOUNT = 8
# Points alone must not make these post: each would be a decision that only a person can take.
_NEVER_ALONE = frozenset(
    {
        "reversal",
        "own_account",
        "other_account",
        "several_customers",
        "spread_is_a_choice",
        "number_left_out",
        "other_number",
        "amount_fits_another",
        "says_on_account",
    }
)
_WEAK = frozenset({"number_typo", "number_truncated"})  # not enough to choose between items of one amount


def match_lines(
    lines: Sequence[Line], index: Index, settings: Settings, payments: PaymentIndex | None = None
) -> list[Answer]:
    """One answer per line, in their order. The lines are those of one file: two that need the same item never both get
    it. `payments` are those that a negative line may take back."""
    book = Book(index)
    first = [_judged(line, index, book, settings) if line.amount > 0 else None for line in lines]
    answers: dict[int, Answer] = {}
    strongest = sorted(
        (place for place, answer in enumerate(first) if answer and answer.certain),
        key=lambda place: (-_strength(first[place]), place),
    )
    for place in strongest:
        answers[place] = _taken(lines[place], first[place], index, book, settings)
    gone: set[int] = set()
    known = payments or PaymentIndex()
    for place, line in enumerate(lines):
        if line.amount <= 0:
            suggestions = taken_back(line, known, frozenset(gone))
            answers[place] = Answer(line.id, tuple(suggestions), is_certain(suggestions, settings))
            gone.update(_payment_taken(answers[place]))
        elif place not in answers:
            answer = first[place]
            if answer and book.touched.intersection(found.customer_id for found in answer.suggestions):
                answer = _judged(line, index, book, settings)
            answers[place] = Answer(line.id, answer.suggestions if answer else (), certain=False)
    return [answers[place] for place in range(len(lines))]


def _taken(line: Line, answer: Answer | None, index: Index, book: Book, settings: Settings) -> Answer:
    """The certain answer, its items taken; without certainty when an earlier line changed what it rests on."""
    assert answer is not None
    best = answer.suggestions[0]
    if best.customer_id in book.touched:
        again = _judged(line, index, book, settings)
        same = bool(again.suggestions) and _key(again.suggestions[0]) == _key(best)
        if not (same and again.certain):
            return Answer(line.id, again.suggestions, certain=False)
        best = again.suggestions[0]
    settles = best.short if best.short_kind in ("early_payment_discount", "small_difference") else 0
    places = {item.item.id: item for item in best.shares}
    for place in index.of_customer(best.customer_id):
        share = places.get(index.items[place].id)
        if share is not None and share.item is index.items[place]:
            # What settles beside the money closes the item too, so nothing of it is left for another line.
            book.take(index, place, book.left[place] if settles else units(share.amount))
    return answer


def _judged(line: Line, index: Index, book: Book, settings: Settings) -> Answer:
    suggestions = _suggestions(line, index, book, settings)
    return Answer(line.id, tuple(suggestions[:_MOST_SUGGESTIONS]), _is_certain(suggestions, settings))


def _suggestions(line: Line, index: Index, book: Book, settings: Settings) -> list[Suggestion]:
    """All suggestions, the strongest first, each set of shares once."""
    named = named_by(line, read_line(line), index)
    senders = Senders(line, named, index)
    found: dict[object, Suggestion] = {}
    for customer_id in _customers(line, named, senders, index):
        account = Account(customer_id, line, index, book)
        is_sender = customer_id in senders.customers()
        wanted = seen_by(named, index, customer_id, is_sender=is_sender) if named.tokens else named
        for proposal in proposals(line, account, wanted, index, book):
            _keep(found, scored(proposal, line, account, wanted, senders, index, book, settings))
        if is_sender:
            _keep(found, on_account(line, customer_id, senders, named, index, book))
    ranked = [suggestion for suggestion in found.values() if suggestion.strength > 0]
    return sorted(ranked, key=lambda suggestion: -suggestion.strength)


def _customers(line: Line, named: Named, senders: Senders, index: Index) -> Iterable[int]:
    """Whose items to look at: of named items, of senders, and, few of them, of items with just this amount."""
    found = dict.fromkeys(index.items[place].customer_id for place in named.items)
    found.update(dict.fromkeys(senders.customers()))
    same = [
        place
        for place in index.with_amount(line.currency, units(line.amount))
        if line.entity_id in (None, index.items[place].entity_id)
    ]
    # Among many items of one amount none is likelier than another, so a few show that there are several.
    found.update(dict.fromkeys(index.items[place].customer_id for place in same[:_MOST_BY_AMOUNT]))
    return list(found)[:_MOST_CUSTOMERS]


def _keep(found: dict[object, Suggestion], suggestion: Suggestion) -> None:
    known = found.get(_key(suggestion))
    if known is None or known.strength < suggestion.strength:
        found[_key(suggestion)] = suggestion


def _key(suggestion: Suggestion) -> object:
    return suggestion.customer_id, tuple(
        (share.item.id, share.item.instalment_id, share.amount) for share in suggestion.shares
    )


def _is_certain(suggestions: Sequence[Suggestion], settings: Settings) -> bool:
    """Enough points, a clear lead, and nothing that only a person may decide."""
    if not suggestions or suggestions[0].score < settings.certain or not suggestions[0].shares:
        return False
    first = suggestions[0]
    lead = first.strength - (suggestions[1].strength if len(suggestions) > 1 else 0)
    if first.codes & _WEAK and "amount_only_one" not in first.codes:
        return False
    return lead >= settings.margin and not first.codes & _NEVER_ALONE


def _strength(answer: Answer | None) -> int:
    return answer.suggestions[0].strength if answer else 0


def _payment_taken(answer: Answer) -> set[int]:
    best = answer.best
    return {best.takes_back} if answer.certain and best and best.takes_back is not None else set()

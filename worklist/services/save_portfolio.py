"""Keeps a portfolio: which accounts it asks for and who works them. Accounts move only by rebalancing or by hand."""

from collections.abc import Collection

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from worklist.actions import PORTFOLIO_KEPT
from worklist.models import Portfolio


@transaction.atomic
def save_portfolio(
    *, portfolio: Portfolio, analysts: Collection[User], choosable: Collection[User], actor: User
) -> Portfolio:
    """The portfolio, saved, with these analysts. Of people outside `choosable`, whom the actor cannot see, it keeps
    those it had. Raises BadInput for an empty band, or a name that is taken."""
    least, most = portfolio.least_overdue, portfolio.most_overdue
    if least is not None and most is not None and least >= most:
        sentence = "No amount is at least the first and below the second. Raise the second one, or leave it empty."
        raise BadInput(sentence, code="empty_band", fields={"most_overdue": sentence})
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # pressing twice waits here, and is told
    if Portfolio.objects.filter(name=portfolio.name).exclude(pk=portfolio.pk).exists():
        sentence = "Another portfolio has this name. Choose a different one."
        raise BadInput(sentence, code="name_taken", fields={"name": sentence})
    portfolio.save()
    shown = {person.pk for person in choosable}
    kept = [person.pk for person in portfolio.analysts.all() if person.pk not in shown]
    portfolio.analysts.set([*kept, *(person.pk for person in analysts if person.pk in shown)])
    people = sorted(portfolio.analysts.values_list("pk", flat=True))
    record(PORTFOLIO_KEPT, portfolio, actor=actor, name=portfolio.name, entity=portfolio.entity_id,
           segment=portfolio.segment_id, least=least, most=most, analysts=people)  # fmt: skip
    return portfolio

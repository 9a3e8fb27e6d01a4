"""Takes an earlier version of a strategy up again, as a draft to be looked at like any other."""

from django.db import transaction
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from worklist.models import StrategyVersion
from worklist.services.save_strategy import save_strategy


@transaction.atomic
def restore_strategy(*, version: StrategyVersion, actor: User) -> StrategyVersion:
    """The draft with the rule of that version; what the draft said before is replaced."""
    note = _("As version %(number)d") % {"number": version.number}
    return save_strategy(strategy=version.strategy, rule=version.rule, note=note, actor=actor)

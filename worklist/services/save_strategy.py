"""Keeps what a strategy is to be as a draft: nothing of the order changes until a version is activated."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from worklist.actions import STRATEGY_SAVED
from worklist.models import Strategy, StrategyVersion
from worklist.rules.strategy import as_data, read_strategy

_PLACE = ("entity_id", "segment_id", "rank")


@transaction.atomic
def save_strategy(*, strategy: Strategy, rule: Any, note: str, actor: User) -> StrategyVersion:
    """The draft with this rule: the strategy's own one if it has one, which loses its findings, else the next number.

    Raises BadInput for a rule that is none (fields such as "points.call_due"), a name that is taken, a segment that is
    switched off, and for another entity, segment or rank while the strategy is in force: that would change the order
    unseen."""
    told = as_data(read_strategy(rule))
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # pressing twice waits here, and is told
    _check(strategy)
    if not strategy.pk:
        strategy.is_active = False
        strategy.save()
    else:
        _change(strategy)
    draft = _draft(strategy)
    draft.rule, draft.note, draft.findings = told, " ".join(note.split())[:250], {}
    draft.made_by, draft.made_at = actor, timezone.now()
    draft.save()
    record(STRATEGY_SAVED, draft, actor=actor, strategy=strategy.name, number=draft.number, rule=told)
    return draft


def _check(strategy: Strategy) -> None:
    if not strategy.name.strip():
        raise _bad("name", _("Give the strategy a name."))
    if Strategy.objects.filter(name=strategy.name).exclude(pk=strategy.pk).exists():
        raise _bad("name", _("Another strategy has this name. Choose another one."))
    if strategy.segment is not None and not strategy.segment.is_active:
        raise _bad("segment", _("This segment is not in use and has no members. Choose another one."))


def _change(strategy: Strategy) -> None:
    held = Strategy.objects.select_for_update(no_key=True).get(pk=strategy.pk)
    in_force = held.is_active and held.versions.filter(state=StrategyVersion.State.ACTIVE).exists()
    moved = [name for name in _PLACE if getattr(held, name) != getattr(strategy, name)]
    if in_force and moved:
        words = _("This says for whom the strategy is in force now. Switch the strategy off before you change it.")
        raise _bad(moved[0].removesuffix("_id"), words)
    strategy.save(update_fields=["name", "entity", "segment", "rank"])


def _draft(strategy: Strategy) -> StrategyVersion:
    found = strategy.versions.filter(state=StrategyVersion.State.DRAFT).order_by("-number").first()
    if found is not None:
        return found
    last: int = strategy.versions.aggregate(last=Max("number"))["last"] or 0
    return StrategyVersion(strategy=strategy, number=last + 1)


def _bad(field: str, sentence: str) -> BadInput:
    return BadInput(sentence, code=f"strategy_{field}", fields={field: sentence})

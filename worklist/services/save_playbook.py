"""Creates or changes a playbook with its steps. A step that stays keeps its row, and with it what was measured."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, quoted
from worklist.actions import PLAYBOOK_SAVED
from worklist.models import Playbook, PlaybookStep
from worklist.rules.playbook import PLACEHOLDERS, unknown_placeholders

MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A step as written; `id` is that of the step it was before, None for a new one."""

    text: str
    action: str = ""
    minutes: int = 2
    id: int | None = None


@transaction.atomic
def save_playbook(*, playbook: Playbook, steps: Iterable[WrittenStep], actor: User | None, by: str = "") -> Playbook:
    """The playbook as kept, with the steps in the order given; those not given any more are gone.

    Raises BadInput without a step, with more than twelve, or when the script asks for what nobody can fill in."""
    written = [step for step in steps if step.text.strip()]
    _check(playbook, written)
    playbook.changed_by, playbook.changed_at = actor, timezone.now()
    try:
        with transaction.atomic():
            playbook.save()
    except IntegrityError as error:
        sentence = _("Another playbook has that code. Choose another one.")
        raise BadInput(sentence, code="code_taken", fields={"code": sentence}) from error
    _write_steps(playbook, written)
    record(
        PLAYBOOK_SAVED, playbook, actor=actor, by=by, code=playbook.code, title=playbook.title, rank=playbook.rank,
        is_active=playbook.is_active, steps=[step.text for step in written],
    )  # fmt: skip
    return playbook


def _check(playbook: Playbook, steps: list[WrittenStep]) -> None:
    if not steps:
        raise BadInput(_("Write at least one step."), code="no_steps", fields={"steps": _("Write at least one step.")})
    if len(steps) > MOST_STEPS:
        sentence = _("A playbook has at most %(n)s steps. Join some of them.") % {"n": MOST_STEPS}
        raise BadInput(sentence, code="too_many_steps", fields={"steps": sentence})
    unknown = unknown_placeholders(playbook.script)
    if unknown:
        sentence = _("Nobody can fill in %(names)s. Choose among %(known)s.") % {
            "names": ", ".join(quoted(name) for name in unknown[:5]),
            "known": ", ".join(PLACEHOLDERS),
        }
        raise BadInput(sentence, code="unknown_placeholder", fields={"script": sentence})


def _write_steps(playbook: Playbook, steps: list[WrittenStep]) -> None:
    known = {step.pk: step for step in playbook.steps.select_for_update()}
    kept = {step.id for step in steps if step.id in known}
    playbook.steps.exclude(pk__in=kept).delete()
    for pk in kept:  # out of the way first: a position is taken once
        PlaybookStep.objects.filter(pk=pk).update(position=1000 + known[pk].position)
    for position, step in enumerate(steps, start=1):
        values = {"position": position, "text": step.text.strip(), "action": step.action, "minutes": step.minutes}
        if step.id in known:
            PlaybookStep.objects.filter(pk=step.id).update(**values)
        else:
            PlaybookStep.objects.create(playbook=playbook, **values)

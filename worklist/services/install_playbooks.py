"""Brings in the starter playbooks. Those that are there already stay as people made them."""

from django.db import transaction

from collections_app.accounts.models import User
from worklist.models import Playbook
from worklist.rules.playbook_starters import STARTERS
from worklist.services.save_playbook import WrittenStep, save_playbook


@transaction.atomic
def install_playbooks(*, actor: User | None, by: str = "") -> list[Playbook]:
    """The playbooks that were missing and are there now; the second time none."""
    known = set(Playbook.objects.values_list("code", flat=True))
    return [
        save_playbook(
            playbook=Playbook(
                code=one.code, title=one.title, stage=one.stage, occasion=one.occasion, rank=one.rank, goal=one.goal,
                tone=one.tone, script=one.script, do="\n".join(one.do), dont="\n".join(one.dont),
            ),
            steps=[WrittenStep(step.text, step.action, step.minutes) for step in one.steps],
            actor=actor,
            by=by,
        )
        for one in STARTERS
        if one.code not in known
    ]  # fmt: skip

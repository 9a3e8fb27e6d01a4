"""Gives a legal entity the standard policy: a word before the due date, three reminders, a call, a last letter.

Installing again changes nothing that people have changed since."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from collections_app.audit.record import record
from customers.models import LegalEntity
from dunning.actions import POLICY_INSTALLED
from dunning.models import NoticeTemplate, Policy, Step
from dunning.queries.policies import standard_steps

# One file per stage, channel and language: the subject, a blank line, the text.
STANDARD_WORDS = settings.BASE_DIR / "templates" / "dunning" / "standard"
STARTER_WORDS = settings.BASE_DIR / "templates" / "dunning" / "starters"


@transaction.atomic
def install_standard_policy(
    entity: LegalEntity,
    *,
    active: bool = True,
    mode: str = Policy.Mode.AUTOMATIC,
    actor: AbstractBaseUser | None = None,
) -> Policy:
    """The entity's policy: the standard one, made now, or the one it has already, untouched.

    Templates in every language are made where there are none. `mode` is "automatic" or "review"."""
    install_templates("")
    known = Policy.objects.filter(entity=entity).first()
    if known:
        return known
    policy = Policy.objects.create(
        code=f"standard-{entity.code.lower()}"[:40], name="Standard", entity=entity, is_active=active, mode=mode,
        rehearsed_at=timezone.now() if active else None,  # whoever installs it running answers for its first run
    )  # fmt: skip
    Step.objects.bulk_create(standard_steps(policy))
    record(POLICY_INSTALLED, policy, actor=actor, by="set-up", code=policy.code, active=active, mode=mode)
    return policy


def install_templates(key: str) -> None:
    """Nothing; afterwards the words with this key ("" for the standard ones) are there in every language they are
    written in, people's own versions untouched."""
    folder = STARTER_WORDS / key if key else STANDARD_WORDS
    known = set(NoticeTemplate.objects.filter(key=key).values_list("stage", "channel", "language"))
    made = []
    for file in sorted(folder.glob("*.txt")):
        stage, channel, language, _ = file.name.split(".")
        if (stage, channel, language) in known:
            continue
        subject, _, body = file.read_text(encoding="utf-8").partition("\n\n")
        words = {"subject": subject.strip(), "body": body.strip()}
        made.append(NoticeTemplate(key=key, stage=stage, channel=channel, language=language, **words))
    NoticeTemplate.objects.bulk_create(made, ignore_conflicts=True)


def install_standard_templates() -> None:
    """Nothing; afterwards every stage has words in every language, people's own versions untouched."""
    install_templates("")

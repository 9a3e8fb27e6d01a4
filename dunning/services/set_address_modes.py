"""Settles how customers are addressed, per language that has two ways."""

from collections.abc import Collection

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from dunning.actions import ADDRESS_MODES_SET
from dunning.models import AddressMode
from dunning.rules.tone import TONES


@transaction.atomic
def set_address_modes(*, informal: Collection[str], actor: AbstractBaseUser) -> list[AddressMode]:
    """The modes, one per language with two ways; `informal` names those addressed informally. Words that exist stay as
    they are: the check says from then on where they do not fit."""
    modes = []
    for language, tone in TONES.items():
        if tone.familiar is None:
            continue
        mode, _ = AddressMode.objects.get_or_create(language=language)
        if mode.informal != (language in informal):
            mode.informal = language in informal
            mode.save(update_fields=["informal"])
            record(ADDRESS_MODES_SET, actor, actor=actor, language=language, informal=mode.informal)
        modes.append(mode)
    return modes

"""What else comes with a starter pack: apps above bring theirs, such as playbooks. This file must not import them."""

from collections.abc import Callable

Companion = Callable[..., object]  # called with actor and by; brings in what is missing and leaves the rest alone
_companions: list[Companion] = []


def provide_starter_companion(companion: Companion) -> None:
    """Nothing; from now on this is called whenever a starter pack is installed. Registering twice counts once."""
    if companion not in _companions:
        _companions.append(companion)


def install_companions(*, actor: object, by: str) -> None:
    """Nothing; everything that comes with a starter pack is there now."""
    for companion in _companions:
        companion(actor=actor, by=by)

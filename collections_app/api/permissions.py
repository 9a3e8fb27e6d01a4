"""The right each API route asks for. A route that names none is closed to everybody."""

from typing import TYPE_CHECKING

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from collections_app.accounts.access import is_member
from collections_app.accounts.roles import Capability

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which imports this file by the settings


def capability_for(view: object, method: str) -> Capability | None:
    """The capability that a view asks for this method, from its table `capabilities`; None: nobody may.

    HEAD and OPTIONS ask what GET asks, or, where there is no GET, what the first method asks."""
    table: dict[str, Capability] = getattr(view, "capabilities", {})
    reading = table.get("GET") or next(iter(table.values()), None)
    return table.get(method) or (
        reading if not hasattr(view, method.lower()) or method in ("HEAD", "OPTIONS") else None
    )


class HasCapability(BasePermission):
    """401 for nobody, 403 for someone without the capability."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the caller may. Raises PermissionDenied with a sentence that names the missing right."""
        if not is_member(request.user):
            return False
        capability = capability_for(view, request.method or "")
        if capability is None:
            return False
        if not request.user.may(capability):
            raise PermissionDenied(
                f"The role of {request.user.get_username()} does not include this. Ask an administrator for the right "
                f"to {capability.value.replace('_', ' ')}."
            )
        return True

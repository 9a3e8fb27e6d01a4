"""Shows the demo's users on the sign-in page, and only there, and only in the demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from collections_app.demo.people import PASSWORD, PEOPLE


def demo_users(request: HttpRequest) -> dict[str, Any]:
    """`demo_users`, each with username, password and role, on the demo's sign-in page; nothing elsewhere."""
    if not settings.DEMO or request.path != reverse("account_login"):
        return {}
    return {"demo_users": [{"username": p.username, "password": PASSWORD, "role": p.role.value} for p in PEOPLE]}

"""Two places of the menu, one below the other."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("accounts/", nothing, name="accounts"), path("accounts/aging/", nothing, name="aging")]

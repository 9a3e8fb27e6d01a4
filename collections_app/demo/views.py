"""The demo's own page: the mailbox with every caught mail. Outside the demo it is 404."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from collections_app.accounts.access import requires
from collections_app.accounts.roles import Capability
from collections_app.demo import mailbox as box

View = Callable[..., HttpResponseBase]
_MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
}
_PICTURE_TYPES = ("application/pdf", "image/png", "image/jpeg")


def demo_only(view: View) -> View:
    """The view, which answers 404 unless this is the demo."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404("There is no demo here.")
        return view(request, *args, **kwargs)

    return guarded


@demo_only
@requires(Capability.SEE_ACCOUNTS)
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    mails = box.newest(to=words)
    chosen = box.read(request.GET.get("mail", "")) or (mails[0] if mails else None)
    context = {"mails": mails, "chosen": chosen, "words": words, "count": box.count()}
    return render(request, "demo/mailbox.html", context)


@demo_only
@requires(Capability.SEE_ACCOUNTS)
@require_GET
@xframe_options_sameorigin
@csp(_MAIL_POLICY)  # type: ignore[arg-type]  # the library types only views without arguments
def mailbox_body(request: HttpRequest, key: str) -> HttpResponse:
    mail = _mail(key)
    if mail.html:
        # A link in a mail opens a window of its own, as it would from a mail program.
        return HttpResponse(mail.html.replace("<head>", '<head><base target="_blank">', 1))
    return HttpResponse(mail.text, content_type="text/plain; charset=utf-8")


@demo_only
@requires(Capability.SEE_ACCOUNTS)
@require_GET
def mailbox_attachment(request: HttpRequest, key: str, position: int) -> HttpResponse:
    for attachment in _mail(key).attachments:
        if attachment.position == position:
            shown = attachment.media_type if attachment.media_type in _PICTURE_TYPES else "application/octet-stream"
            name = "".join(sign for sign in attachment.name if sign.isalnum() or sign in " ._-")
            headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
            return HttpResponse(attachment.content, content_type=shown, headers=headers)
    raise Http404("The mail has no such attachment.")


def _mail(key: str) -> box.CaughtMail:
    mail = box.read(key)
    if mail is None:
        raise Http404("There is no such mail.")
    return mail

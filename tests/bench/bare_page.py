"""The yardstick for pages: a plain Django view behind the same middleware, three queries, one table of fifty rows."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from collections_app.urls import urlpatterns as product
from customers.models import Contact, Customer, LegalEntity

_PAGE = engines["django"].from_string(
    "<!doctype html><html lang=en><title>Bare</title><h1>{{ entity.name }}</h1><p>{{ contacts }} contacts</p><table>"
    "{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.name }}</td><td>{{ row.currency }}</td>"
    "<td>{{ row.entity.code }}</td><td>{{ row.created_at|date:'j M Y' }}</td><td>{{ row.credit_limit }}</td></tr>"
    "{% endfor %}</table></html>"
)


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """Fifty customers in a table."""
    context = {
        "entity": LegalEntity.objects.first(),
        "contacts": Contact.objects.filter(customer__number__lt="B00010").count(),
        "rows": Customer.objects.select_related("entity").order_by("number")[:50],
    }
    return HttpResponse(_PAGE.render(context, request))


urlpatterns = [*product, path("bare/", bare)]

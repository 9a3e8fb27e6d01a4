"""The findings of a version as its page shows them: names instead of numbers, for those whose accounts one may see. It
computes nothing of its own."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from collections_app.accounts.access import signed_in
from collections_app.accounts.models import User
from collections_app.lib.currencies import is_currency
from collections_app.web import charts
from collections_app.web.writing import date_text
from customers.access import visible_customers
from worklist.models import StrategyVersion
from worklist.queries.ranking import REFERENCE
from worklist.rules.strategy_check import DONE
from worklist.rules.strategy_order import NOBODY
from worklist.rules.words import percent, short_money


def findings_context(request: HttpRequest, version: StrategyVersion) -> dict[str, Any]:
    """What the findings hold, ready to show; `?analyst=` chooses whose top is shown. Empty until they are done."""
    found = version.findings
    if found.get("state") != DONE:
        return {}
    preview, past = found["preview"], found["backtest"]
    names = _people(preview)
    whose = request.GET.get("analyst", "")
    whose = whose if whose in preview["tops"] else ""
    return {
        "checked_on": date.fromisoformat(found["on"]),
        "preview": preview,
        "people": [{**row, "name": names.get(row["analyst"], _("Nobody"))} for row in preview["people"]],
        "whose": whose,
        "whose_name": names.get(int(whose), _("Nobody")) if whose else "",
        "top": _top(request, preview, whose),
        "past": past,
        **(_past(past) if past["days"] else {}),
    }


def _people(preview: Mapping[str, Any]) -> dict[int, str]:
    ids = [row["analyst"] for row in preview["people"]]
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} | {NOBODY: _("Nobody")}


def _top(request: HttpRequest, preview: Mapping[str, Any], whose: str) -> list[dict[str, Any]]:
    """The lines of the two tops side by side; accounts of other teams keep their place without a name."""
    ids = {pk for line in preview["tops"][whose] for pk in line if pk}
    names = dict(visible_customers(signed_in(request)).filter(pk__in=ids).values_list("pk", "name"))
    return [
        {"line": line, "now": _side(preview, names, was, "now"), "then": _side(preview, names, comes, "then")}
        for line, (was, comes) in enumerate(preview["tops"][whose], start=1)
    ]


def _side(preview: Mapping[str, Any], names: Mapping[int, str], pk: int | None, side: str) -> dict[str, Any] | None:
    if pk is None:
        return None
    if pk not in names:
        return {"name": _("an account of another team"), "pk": None}
    about, (was, comes) = preview["about"].get(str(pk), {}), preview["places"][str(pk)]
    currency = about.get("currency", REFERENCE)
    score = Decimal(about.get(f"score_{side}", "0"))
    return {
        "pk": pk,
        "name": names[pk],
        "why": about.get(f"why_{side}", ""),
        "score": short_money(score, currency if is_currency(currency) else REFERENCE),
        "up": was - comes if was and comes else 0,
        "down": comes - was if was and comes else 0,
        "is_new": was is None,
        "goes": comes is None,
    }


def _past(past: Mapping[str, Any]) -> dict[str, Any]:
    """The back-test: both orders side by side, month by month, and what the difference means in money and contacts."""
    average, effect = past["average"], Decimal(past["effect"] or 0) / 100
    now, then = average["now"], average["then"]
    sooner = (Decimal(then["waiting"]) - Decimal(now["waiting"])) * effect
    points = [charts.Bar(_month(day), _share(day["then"]) * 100, percent(_share(day["then"]))) for day in past["days"]]
    before = [_share(day["now"]) * 100 for day in past["days"]]
    details = _("The order to come as a line, today's order dashed.")
    title = _("Late money held by the first 20 % of accounts")
    return {
        "measures": [
            _measure(_("Late money in the first 10 % of accounts"), now, then, "share_10"),
            _measure(_("Late money in the first 20 % of accounts"), now, then, "share_20"),
            _measure(_("Contacts to reach 80 % of the late money"), now, then, "contacts"),
            _measure(_("Minutes to reach 80 % of the late money"), now, then, "minutes"),
            _measure(_("Money of the first 20 % that was slow to come, a day"), now, then, "waiting"),
        ],
        "sooner": short_money(abs(sooner), REFERENCE),
        "sooner_sign": (sooner > 0) - (sooner < 0),
        "effect": percent(effect),
        "past_chart": charts.line_chart("past", title, details, points, _percents, before),
        "past_title": title,
        "past_words": details,
        "past_heads": [
            (_("Day"), False), (_("Accounts"), True), (_("Late money"), True), (_("Today's order"), True),
            (_("This version"), True),
        ],
        "past_rows": [
            [_month(day), day["accounts"], short_money(Decimal(day["late"]), REFERENCE),
             percent(_share(day["now"])), percent(_share(day["then"]))]
            for day in past["days"]
        ],
    }  # fmt: skip


def _percents(value: Decimal) -> str:
    return f"{value.normalize():f} %"


def _month(day: Mapping[str, Any]) -> str:
    return date_text(date.fromisoformat(day["on"]))


def _share(order: Mapping[str, Any]) -> Decimal:
    return Decimal(order["share_20"] or 0)


def _measure(label: str, now: Mapping[str, Any], then: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One line: both figures in words, and whether the one to come is better (1), worse (-1) or the same (0)."""
    was, comes, better = _words(name, now[name]), _words(name, then[name]), 0
    if None not in (now[name], then[name]) and was != comes:  # what reads the same is the same
        better = 1 if (Decimal(then[name]) > Decimal(now[name])) != (name in ("contacts", "minutes")) else -1
    return {"label": label, "now": was, "then": comes, "better": better}


def _words(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name.startswith("share"):
        return f"{(Decimal(value) * 100).quantize(Decimal('0.1'))} %"
    return short_money(Decimal(value), REFERENCE) if name == "waiting" else str(value)

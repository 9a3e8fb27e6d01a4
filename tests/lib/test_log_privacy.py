"""Logs name the page that was asked for, never the token that opens it."""

import io
import logging
from logging.config import DictConfigurator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from collections_app.lib.log_privacy import hide_tokens

TOKEN = "kEiPmE8ZzR-LnSy-vmftNvzBxKjyy8JP-bN50DZ8-QU"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"GET /pay/{TOKEN}/", "GET /pay/…/"),
        (f"Not Found: /receipt/{TOKEN}/receipt.pdf", "Not Found: /receipt/…/receipt.pdf"),
        (f"GET /gateway/test/ti_1/?back={TOKEN}:1vabc:x_-y", "GET /gateway/test/ti_1/?back=…"),
        ("GET /accounts/17/", "GET /accounts/17/"),
        ("GET /pay/short/", "GET /pay/short/"),
    ],
)
def test_w05_tokens_are_hidden_and_everything_else_stays(text: str, hidden: str) -> None:
    assert hide_tokens(text) == hidden


@pytest.mark.django_db
def test_w05_no_line_of_the_log_holds_a_token(client: Client) -> None:
    configured: dict[str, Any] = settings.LOGGING
    formatter = DictConfigurator(configured).configure_formatter(dict(configured["formatters"]["json"]))
    assert isinstance(formatter, logging.Formatter)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    try:
        client.get(f"/pay/{TOKEN}/")
    finally:
        logging.getLogger().removeHandler(handler)
    assert "/pay/" in written.getvalue()
    assert TOKEN not in written.getvalue()

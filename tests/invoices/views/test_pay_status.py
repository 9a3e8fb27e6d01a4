"""Addresses of payments behind a link that no payment has."""

import pytest
from django.test import Client

from tests import factories
from tests.invoices.payers import payer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reference", ["P-NOBODYKNOWS", "a%00b", "%F0%9F%92%B6", "x" * 5000])
@pytest.mark.parametrize("ending", ["", "receipt.pdf"])
def test_d53_a_payment_that_this_link_does_not_know_is_not_there(client: Client, reference: str, ending: str) -> None:
    someone = payer(factories.customer())
    assert client.get(f"{someone.path}payments/{reference}/{ending}").status_code == 404

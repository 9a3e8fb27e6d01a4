"""Files of a customer: kept as they came, under a harmless name, and given out only as a download."""

from hashlib import sha256

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from collections_app.lib.errors import BadInput
from customers.models import Attachment
from customers.models.attachment import MOST_BYTES
from customers.services.keep_attachment import file_name, keep_attachment
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def kept(name: str = "photo.jpg", content: bytes = b"\xff\xd8 picture", by_name: str = "") -> Attachment:
    return keep_attachment(
        customer=factories.customer(), name=name, content=content, content_type="image/jpeg", actor=None,
        by_name=by_name,
    )  # fmt: skip


def test_a_file_is_kept_byte_for_byte_with_its_digest() -> None:
    content = bytes(range(256))
    found = Attachment.objects.get(pk=kept(content=content).pk)
    assert bytes(found.content) == content
    assert (found.size, found.digest) == (256, sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\Lieferschein 7.pdf", "Lieferschein 7.pdf"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("y" * 300, "y" * 120),
    ],
)
def test_the_name_carries_no_folder_and_no_sign_that_cannot_be_printed(given: str, shown: str) -> None:
    assert file_name(given) == shown


def test_an_empty_file_and_one_over_ten_megabytes_are_refused_with_a_sentence() -> None:
    with pytest.raises(BadInput) as empty:
        kept(content=b"")
    assert "empty" in empty.value.fields["file"]
    with pytest.raises(BadInput) as large:
        kept(content=b"x" * (MOST_BYTES + 1))
    assert large.value.code == "file_too_large"
    assert not Attachment.objects.exists()


def test_a_kept_file_can_be_neither_changed_nor_removed() -> None:
    found = kept()
    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.filter(pk=found.pk).update(name="other.jpg")
    with pytest.raises(DatabaseError), transaction.atomic():
        Attachment.objects.filter(pk=found.pk).delete()


def test_d66_a_page_kept_as_a_file_is_downloaded_and_never_shown(client: Client, cast: Cast) -> None:
    found = kept(name='<script>alert(1)</script> "x".html', content=b"<script>alert(1)</script>")
    client.force_login(cast.collector)
    response = client.get(reverse("attachment", args=[found.customer_id, found.pk]))
    assert response.content == b"<script>alert(1)</script>"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_d53_a_file_of_another_team_or_of_another_customer_is_not_found(client: Client, cast: Cast) -> None:
    found, other = kept(), factories.customer()
    client.force_login(cast.stranger)
    assert client.get(reverse("attachment", args=[found.customer_id, found.pk])).status_code == 404
    client.force_login(cast.collector)
    assert client.get(reverse("attachment", args=[other.pk, found.pk])).status_code == 404
    assert client.get(reverse("attachment", args=[found.customer_id, 10**17])).status_code == 404

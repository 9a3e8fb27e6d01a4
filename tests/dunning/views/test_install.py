"""A legal entity gets its policy from the page: switched off, for review, once, and only by those who may."""

import pytest
from django.test import Client
from django.urls import reverse

from dunning.models import NoticeTemplate, Policy
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_a_manager_gives_a_new_entity_the_standard_policy_which_is_off(client: Client, cast: Cast) -> None:
    entity = factories.entity(name="Südwind GmbH")
    client.force_login(cast.lead)
    assert "Standard policy for Südwind GmbH" in client.get(reverse("dunning")).content.decode()
    answer = client.post(reverse("dunning_install", args=[entity.pk]))
    policy = Policy.objects.get(entity=entity)
    assert answer["Location"] == reverse("dunning_policy", args=[policy.pk])
    assert (policy.is_active, policy.mode) == (False, Policy.Mode.REVIEW)
    assert [step.offset_days for step in policy.steps.all()] == [-3, 1, 8, 21, 35, 50]
    assert NoticeTemplate.objects.filter(is_current=True, language="de").exists()
    assert "Standard policy for" not in client.get(reverse("dunning")).content.decode()


def test_asking_twice_changes_nothing(client: Client, cast: Cast) -> None:
    entity = factories.entity()
    client.force_login(cast.lead)
    client.post(reverse("dunning_install", args=[entity.pk]))
    Policy.objects.filter(entity=entity).update(name="Ours")
    client.post(reverse("dunning_install", args=[entity.pk]))
    assert Policy.objects.get(entity=entity).name == "Ours"


def test_a_stranger_finds_no_such_entity_and_a_viewer_is_refused(client: Client, cast: Cast) -> None:
    address = reverse("dunning_install", args=[factories.entity().pk])
    client.force_login(cast.stranger)
    assert client.post(address).status_code == 404
    client.force_login(cast.viewer)
    assert client.post(address).status_code == 403
    assert not Policy.objects.exists()

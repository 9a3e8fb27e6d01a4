"""Which providers are in trouble, for the pages that show it. Reads only."""

from customers.models import ProviderCircuit


def troubled_providers() -> list[ProviderCircuit]:
    """The providers whose last messages failed, by name; none where all is well."""
    return list(ProviderCircuit.objects.filter(failures__gt=0).order_by("provider"))

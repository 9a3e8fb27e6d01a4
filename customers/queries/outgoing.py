"""What may leave the house, as people set it. One row, one cheap query; the mail door, the staleness guard and the
frame of every page ask here."""

from django.db import connection

from customers.models import OutgoingRules


def outgoing_rules() -> OutgoingRules:
    """The rules in force; unsaved, with nothing forbidden, where nobody has set any yet."""
    return OutgoingRules.objects.filter(pk=1).first() or OutgoingRules(pk=1)


def outgoing_state() -> tuple[bool, str, int]:
    """Whether everything is stopped, the address of the test mode or '', and how many addresses the allow-list has.

    A plain statement, because every page asks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stopped_at IS NOT NULL, test_address, cardinality(allowed) FROM customers_outgoingrules"
            " WHERE id = 1"
        )
        row = cursor.fetchone()
    return (row[0], row[1], row[2]) if row else (False, "", 0)

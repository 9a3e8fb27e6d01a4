"""The legal moves of an outgoing message. Pure: no clock, no database."""

from collections_app.lib.states import States

DELIVERY = States(
    {
        "proposed": frozenset({"approved", "cancelled"}),
        "approved": frozenset({"claimed", "cancelled", "failed"}),
        # A claim that died before anything left the house may go back.
        "claimed": frozenset({"sending", "approved", "cancelled", "failed"}),
        # In test mode a message goes to a box of our own, and counts as cancelled.
        "sending": frozenset({"accepted", "approved", "failed", "unknown", "cancelled"}),
        # Only tracking events or a person resolve what is unknown; it is never sent again by itself.
        "unknown": frozenset({"accepted", "failed"}),
        "accepted": frozenset(),
        "failed": frozenset(),
        "cancelled": frozenset(),
    }
)

"""The audit action codes of this app."""

from collections_app.audit.actions import register

CUSTOMER_CREATED = register("customer.created", "Customer created", personal=("name", "address", "vat_id"))
CUSTOMER_CHANGED = register("customer.changed", "Customer changed", personal=("name", "address", "vat_id"))
CUSTOMERS_MERGED = register("customer.merged", "Customer merged into another one")
CONTACT_CREATED = register("contact.created", "Contact created", personal=("name", "email", "phone"))
CONTACT_BOUNCED = register("contact.bounced", "Mail to contact bounced", personal=("email", "why"))
CONTACT_COMPLAINED = register("contact.complained", "Contact complained about mail", personal=("email", "why"))
CONTACT_CHANGED = register("contact.changed", "Contact changed", personal=("name", "email", "phone"))
ATTACHMENT_KEPT = register("attachment.kept", "File kept with a customer", personal=("name",))
TERMS_SAVED = register("terms.saved", "Payment terms saved")
ENTITY_SAVED = register("entity.saved", "Legal entity saved")
CLOCK_MOVED = register("clock.moved", "Demo clock moved")
HOLD_PLACED = register("hold.placed", "Hold placed", personal=("note",))
HOLD_RELEASED = register("hold.released", "Hold released")
ENTITY_PAUSED = register("entity_pause.placed", "Nothing is sent for a legal entity for a time")
ENTITY_PAUSE_RELEASED = register("entity_pause.released", "Pause of a legal entity released")
OUTGOING_CHANGED = register(
    "outgoing.changed", "Rules for outgoing messages changed", personal=("test_address", "allowed")
)
CREDIT_STOPPED = register("credit.stopped", "Credit stopped")
CREDIT_STOP_LIFTED = register("credit.stop_lifted", "Credit given again")

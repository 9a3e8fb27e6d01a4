"""How a message physically leaves: one file per way. Adapters write nothing to the database."""

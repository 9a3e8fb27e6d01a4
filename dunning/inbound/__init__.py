"""How mail of customers reaches us: one file per way. Adapters write nothing to the database."""

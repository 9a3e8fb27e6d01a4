"""Payment providers: one file each, described in `base`. Adapters write nothing to the database."""

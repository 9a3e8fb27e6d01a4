"""How a notice leaves the house: one adapter per file, enabled in settings.DUNNING_CHANNELS. Adapters write no rows."""

"""PostgreSQL and Valkey from their wheels, private to one home directory, for whoever configured neither.

This file must stay empty of imports: the configuration imports `locations` from here.
"""

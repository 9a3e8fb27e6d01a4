"""Tests of the import sources."""

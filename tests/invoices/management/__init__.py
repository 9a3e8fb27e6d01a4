"""Tests of the commands of this app."""

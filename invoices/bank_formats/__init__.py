"""Statements that banks send, one adapter per format, each giving the rows of `contract`."""

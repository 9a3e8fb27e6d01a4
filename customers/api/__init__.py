"""The API of customers and their contacts."""

"""The audit action codes of this app."""

from collections_app.audit.actions import register

TOKEN_ISSUED = register("api_token.issued", "API token issued")
TOKEN_REVOKED = register("api_token.revoked", "API token revoked")

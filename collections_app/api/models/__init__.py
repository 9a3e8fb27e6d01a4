"""The nouns of this app, one file each."""

from collections_app.api.models.api_token import ApiToken
from collections_app.api.models.kept_answer import KeptAnswer

__all__ = ["ApiToken", "KeptAnswer"]

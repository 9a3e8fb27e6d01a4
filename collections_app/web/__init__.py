"""Page furniture for every app: frame, fragments, paging, template tags, charts. Must not know a customer."""

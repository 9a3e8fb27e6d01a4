"""Page furniture that every app uses: frame, fragments, paging, template tags, charts. It knows no customer or invoice."""

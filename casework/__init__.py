"""I tell one story at a time: fetch, decide, record. I hold no rule and know no database."""

"""Media: files in a private bucket, the facts about them in a table, links that expire and are counted."""

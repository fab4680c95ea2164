"""Media: files in a private bucket, their metadata in a table, and share links that expire and count downloads."""

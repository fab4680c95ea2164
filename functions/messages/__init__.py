"""Messages: conversations of two, in one table; a stream keeps each member's list of them current."""

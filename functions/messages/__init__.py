"""Messages: groups of two members in one table; a stream keeps each member's list of groups current."""

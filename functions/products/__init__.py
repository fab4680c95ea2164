"""Products of customers: one item each, in the customer's partition."""

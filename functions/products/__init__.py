"""Products that customers hold: one item each, under the customer's partition."""

"""Code that every feature shares: AWS clients, API requests and responses, errors, logs."""

import gc

# Imports create many objects and no garbage. With the default threshold of 2,000, collecting takes 5 % of a cold start.
gc.set_threshold(50_000)

"""Code that every feature shares: AWS clients, API requests and responses, errors, logs."""

import gc

# Imports create many objects and no garbage: with the default threshold, collecting takes 3 % of a cold start.
gc.set_threshold(200_000)

"""Benchmarks of the functions as `sam build` leaves them, against a bare handler that uses boto3."""

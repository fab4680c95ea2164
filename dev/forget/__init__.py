"""Removes one person from a stack, local or on AWS.

stack          the stores of a stack that hold personal data
sign_in        the person's user in the pool, and the identifiers that it has
failed_events  records of the failure bucket
search         everything in tables and buckets that holds data of the person
"""

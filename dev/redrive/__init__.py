"""Redrives failed events from the failure bucket of a stack, local or on AWS.

invocation_record  what Lambda stores about a failed event
stack              the records of one stack
"""

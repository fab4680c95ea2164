"""Repeats failed records and events from the failure queues, on the local stack or on AWS.

stack           the failure queues of a stack
failure_queue   handles each message of one queue
stream_records  records of a stream, fetched again
async_events    failed asynchronous events, such as uploads
"""

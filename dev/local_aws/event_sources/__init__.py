"""Event source mappings of DynamoDB streams, which work as in Lambda. The emulator's own mappings lose failed records.

mapping            settings of a mapping in the template
filter, rules      filter patterns and their comparisons
batches            batches, retries, bisection and failure destination for one shard
batch_response     the failed records that a function reports
failure            the message about failed records
shards             shards and records of a stream
checkpoints        progress of each mapping, on disk
deployed_mappings  mappings of a deployed stack, with physical names
worker             polls the stream of one mapping
poller             the background process, with one worker thread per mapping
service            starts and stops the poller
"""

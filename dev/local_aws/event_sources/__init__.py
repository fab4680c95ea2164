"""Event source mappings of DynamoDB streams, driven as Lambda drives them; the emulator's own lose failed records.

mapping      what the template says about each mapping
filter       which records a mapping delivers, and why not
rules        one comparison of a filter pattern
batches      what Lambda does with the records of one shard: batches, retries, bisection, giving up
answer       what an answer of the function says about its batch
failure      the message about records that were given up
shards       shards and records of a stream, as Lambda hands them to a function
checkpoints  how far each mapping has got, on disk
plan         the mappings of one deployed stack with their physical names
worker       polls the stream of one mapping
poller       the background process: one worker for each mapping, in a thread
service      starts and stops it
redrive      replays the records that the messages in failure queues name
explain      says what the mappings would do with the records of an event file
"""

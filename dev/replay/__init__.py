"""Replays event files and compares the results with their expectations.

cases            event files and expectations: format, placeholders
matching         expected and actual values: matchers, differences
comparison       answer, log and metrics of an event, compared with its expectation
explanation      a failed case in text
targets          where cases run: in this process, on a stack, through `sam local`
table_state      items before and after a case
bucket_state     objects before and after a case
in_memory_state  items and objects in process
command          what `dev replay` does
run              runs cases, and says how each ended
record           writes expectations from what cases do
watch            runs the cases that a change touches
report           results as JSON and JUnit's XML
explain_filter   which records of an event file the stream mappings deliver
"""

"""Makes, checks and captures event files.

sources   what invokes each function: routes, streams, buckets, authorizers
check     rules of event files, from Powertools' models, template and contract
coverage  which outcomes of each function have an event file
shapes    events of each source, from SAM's library of events
new       the first event and expectation of a case
capture   cases from the log of a function
scrub     replaces personal data and secrets
files     writes event files
"""

"""`dev tables`: look into the tables of a deployed stack, fill them, empty them, and see what each question costs.

cli        the commands
place      which stack: the local one, or another
demo       the demo data
facts      what a table is
items      what a table holds
recorder   a DynamoDB client that notes what it sends and what that costs
journal    puts back what was changed
patterns   the access patterns, run on the demo data
catalogue  the patterns of each table
workbench  the model for NoSQL Workbench
show       all of it for people
"""

"""The work of `dev tables`: read, fill and empty the tables of a deployed stack, and measure access patterns.

describe   the settings of a table
items      reads, puts and deletes items
recorder   records requests to DynamoDB and their cost
journal    restores changed items
patterns   runs the access patterns on the demo data
workbench  the model for NoSQL Workbench
show       formats results for the terminal
"""

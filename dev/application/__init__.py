"""Everything that `dev` knows about this application.

project          the template, contract and code of this application
features         finds the modules that are named for a feature, in the packages below; a folder named for one has more
stack            the local stack with users and demo data
deployed_stack   this stack, or another one on AWS
people           users who can sign in
demo_data        demo data of every table
walkthrough      the requests of `make run`
access_patterns  every request to a table
personal_data    what features store about a person
in_process       AWS in memory, and functions called in this process
"""

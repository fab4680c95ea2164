"""Everything that `dev` knows about this application.

project          the template, contract and code of this application
stack            the local stack with users and demo data
users            users who can sign in
demo_data        demo data of every table
walkthrough      the requests of `make run`
access_patterns  every request to a table
in_process       AWS in memory, and functions called in this process
tokens           a token issuer for functions in this process
browser          the upload page in a browser
screenshots      the pictures in docs/images
sample_photo     pictures to upload
"""

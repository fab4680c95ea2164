"""Writes a new repository that holds only some features of this one.

features  names of features, and which files belong to them
sections  sections of text files that belong to features, delimited by comments
yaml      resources, routes and their parts that nothing refers to any more
project   the new repository
"""

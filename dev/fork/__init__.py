"""Writes a new repository that holds only some features of this one.

features  names of features, and which files belong to them
sections  sections of text files that belong to features, delimited by comments
documents template and contract without resources, routes and parts that are not used
blocks    YAML as blocks of lines
project   the new repository
"""

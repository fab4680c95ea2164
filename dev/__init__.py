"""The command line `dev`, which runs and inspects the application on this machine without an AWS account or Docker.

Modules that end in `_cli` declare commands. Each imports what it needs when it runs, so that `dev` starts fast.
"""

"""The command line `dev`, which runs and inspects the application on this machine without an AWS account or Docker.

Modules that end in `_cli` declare commands. Each command imports what it needs when it runs, and other modules
import large libraries where they use them, so that `dev` starts fast.
"""

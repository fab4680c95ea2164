"""The command line `dev`, which runs and inspects the application on this machine without an AWS account or Docker.

cli          all commands except those below
replay_cli   the command `dev replay`
tables_cli   the commands `dev tables`
local_aws    the local AWS: emulator, deployment, streams; is independent of this application
application  this application: users, demo data, walk-through, access patterns
replay       event files and their expectations
redrive      failed events
tables       reads, fills and empties tables
paths        folders and files of the repository
errors       DevError, which ends a command with a message
"""

"""An AWS on this machine for SAM applications with one REST API. By convention XFunction logs to XLogGroup.

It takes a template, an OpenAPI document and a code folder. It imports nothing from the application or from other
folders of `dev` except `dev.errors`. Its messages name the commands of `dev`.

project        the input: template, OpenAPI document, code
stack          one running stack: start, deploy, stop
emulator       MiniStack as a background process
emulator_process  what runs in it
function_processes  the processes of functions in it
daemon         background processes by pid
sam            the real `sam build`, `sam deploy` and `sam local`
transform      changes the built template where the emulator differs from AWS
deployment     outputs and physical names of the deployed stack
template       reads templates and OpenAPI documents
apigateway     direct integrations
event_sources  stream mappings
invocation     invokes a deployed function
logs           log entries of functions
log_lines      their lines, with status and duration
failure_bucket  a function that stores failed events
shared_archives  layers that are unpacked once
sam_local      template and settings for `sam local`
sam_gateway    authorizer and direct routes of `sam local start-api`
shell          commands for the shell of a user
watch          deploys what is saved
containers     connects containers of `sam local` to the emulator
signals        delays Ctrl-C and SIGTERM
waiting        polls until something is true
"""

"""The developer's command line: the whole application on a local AWS, without an account or Docker.

cli          the commands
stack        one local stack: emulator, build, deployment, users; `up`, `down`, `status`
emulator     MiniStack as a background process
deployment   the application in it, as CloudFormation sees it
sam          the real `sam build` and `sam deploy`
rewrite      what differs between the built template and the one deployed locally, and why
template     template.yaml and api/openapi.yaml, read as data
seed         users and demo data
walkthrough  drives every pattern once over HTTP
direct       stands in for API Gateway's direct integrations
stored       what tables and buckets hold, and what changed
buckets      objects as items of it
cases        event files and what is expected of them
issuer       signs tokens for functions called in process
deployed_function
             a function behind Lambda's API, invoked
replay       runs cases in process, on a stack, through `sam local`
containers   lets containers of `sam local` reach the emulator
redrive      replays what consumers gave up, from their failure queues
failure_queue
             one of them, worked through
asynchronous
             functions whose failed events Lambda keeps
logs         what the functions logged
streams      event source mappings, driven as Lambda does: filter, batches, retries, failure queue, redrive
daemon       background processes, by pid
"""

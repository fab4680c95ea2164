# make run   the whole application on this machine, and one request to every part of the API
# make check the fast part of the tests
# make test  the tests of the application
# The work is done by `dev`, the project's command line: .venv/bin/dev --help

.DEFAULT_GOAL := help
.PHONY: run check test bench build policy sbom pipeline lock locked down help
# Not the path of uv, which may contain spaces. Without a semicolon, GNU Make 4.2 takes `command` for a program.
UV := $(if $(shell command -v uv;),uv,.uv/bin/uv)
OUR_UV := $(filter .uv/%,$(UV))
BIN := .venv/bin
READY := .venv/ready
# Without a home folder that can be written to, uv keeps its downloads and Python in this one.
ifneq ($(shell test -w "$${XDG_CACHE_HOME:-$$HOME}" && echo yes),yes)
export UV_CACHE_DIR ?= $(CURDIR)/.uv/cache
export UV_PYTHON_INSTALL_DIR ?= $(CURDIR)/.uv/python
endif
# Without bytecode, every command would compile all that it imports again. The SAM CLI and pip raise warnings of their own.
# With a version chosen for the shell, pyenv hides the one of .python-version.
unexport PYTHONDONTWRITEBYTECODE PYTHONWARNINGS PYENV_VERSION
# No proxy leads to the local stack.
comma := ,
export NO_PROXY := 127.0.0.1,localhost$(addprefix $(comma),$(or $(no_proxy),$(NO_PROXY)))
export no_proxy := $(NO_PROXY)
# A lock names the package index. It is the one of pyproject.toml, whatever the index of this shell.
unexport UV_DEFAULT_INDEX UV_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL
LAYERS := $(patsubst layers/%/requirements.txt,%,$(wildcard layers/*/requirements.txt))
groups_of_shared := --no-dev --no-emit-project
exported = $(UV) export --quiet --frozen $(or $(groups_of_$(1)),--only-group $(1)) --no-annotate --no-header --format $(or $(2),requirements-txt)

help: ## Show the commands
	@awk -F ':.*## ' '/^[a-z]*:.*## / { printf "make %-11s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## Build, deploy into an emulated AWS, send requests to every part of the API
	@$(BIN)/dev up > /dev/null # the demo ends with the same addresses
	@$(BIN)/dev demo

check: $(READY) ## Lint, types, unit tests and events in this process, in about a minute
	@$(BIN)/python -m tests check

test: $(READY) ## Check and test the application, beside a running stack or without
	@$(BIN)/python -m tests test

bench: $(READY) ## Measure cold and warm functions, in some minutes (needs Valgrind)
	@$(BIN)/python -m benchmarks

policy: $(READY) policy/.venv/ready ## Check infrastructure, workflows, code, licences, secrets, known vulnerabilities
	@UV=$(UV) $(BIN)/python -m tests.policy

pipeline: $(READY) policy/.venv/ready ## Run the deploy pipeline in an emulated account: three stages, and a rollback
	@$(BIN)/python -m dev.local_pipeline

sbom: | $(OUR_UV) ## List what each layer contains, as CycloneDX in .aws-sam/sbom
	@mkdir -p .aws-sam/sbom
	@$(foreach layer,$(LAYERS),$(call exported,$(layer),cyclonedx1.5) -o .aws-sam/sbom/$(layer).json >/dev/null &&) true

build: $(READY) ## Build what `sam deploy` and `dev deploy` deploy
	@$(BIN)/sam build

lock: | $(OUR_UV) ## Lock the dependencies of pyproject.toml, for this environment, the policy checks and the layers
	$(UV) lock
	$(UV) lock --project policy
	@$(foreach layer,$(LAYERS),$(call exported,$(layer)) -o layers/$(layer)/requirements.txt &&) true

locked: | $(OUR_UV)
	@$(UV) lock --check --quiet && $(UV) lock --check --quiet --project policy && \
	  $(foreach layer,$(LAYERS),$(call exported,$(layer)) | diff layers/$(layer)/requirements.txt - &&) true || \
	  { echo "A lock is out of date. Run make lock, and commit what it changes."; exit 1; }

down: $(READY) ## Stop everything and delete its data
	@$(BIN)/dev down --delete

# A file of its own: make deletes the target of a rule that is interrupted, and uv would not put a program back.
$(READY): pyproject.toml uv.lock | $(OUR_UV)
	@echo "Preparing the Python environment, minutes the first time …"
	@$(UV) sync --frozen --quiet || { $(UV) python find --quiet >/dev/null || \
	    echo "Install Python 3.13 (https://www.python.org/downloads), then repeat the command."; exit 1; }
	@touch $@

policy/.venv/ready: policy/pyproject.toml policy/uv.lock | $(OUR_UV)
	@echo "Preparing the tools of the policy checks …"
	@$(UV) sync --project policy --frozen --quiet
	@touch $@

# Only where there is no uv: one of the project's own.
.uv/bin/uv:
	@echo "Fetching uv …"
	@python3 -m venv .uv || { echo "Install uv (https://docs.astral.sh/uv), or Python's venv module: apt install python3-venv"; exit 1; }
	@.uv/bin/python -m pip install -qq --disable-pip-version-check uv==0.13.8 || { \
	    echo "Install uv (https://docs.astral.sh/uv), or give pip access to PyPI, then repeat the command."; exit 1; }

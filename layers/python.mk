# PYTHON, for the Makefiles of the layers, which `sam build` calls. Bytecode of another minor version would be
# ignored, so it must be 3.13: the project's own environment, or one on the path. Make's functions for file names
# split a path at its spaces, so a shell takes it apart.
CANDIDATES = "$(LAYER)/../../.venv/bin/python" python3.13 python3 python
IS_313 = import sys, pip; sys.exit(sys.version_info[:2] != (3, 13))
PYTHON := $(shell for python in $(CANDIDATES); do "$$python" -c '$(IS_313)' 2>/dev/null && echo "$$python" && break; done)
SITE = $(ARTIFACTS_DIR)/python

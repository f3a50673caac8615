#!/bin/sh
# The SAM CLI of `.venv-sam`, with the Python 3.13 beside it that it builds with: `local/sam.sh local invoke ...`.
set -eu
cd "$(dirname "$0")/.."
python=$(sh local/find_python.sh 3.13)
unset MAKEFLAGS MAKELEVEL # the layers' makefiles are no part of ours
PATH="$(dirname "$python"):$PATH" SAM_CLI_TELEMETRY=0 exec .venv-sam/bin/sam "$@"

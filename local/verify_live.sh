#!/bin/sh
# Probes a stack in the cloud: `raygate doctor --live`, with its address from the stack's outputs.
#
# Takes   the stack's name, `raygate` unless told otherwise, and options of `raygate doctor`; a key in RAYGATE_PROBE_KEY;
#         AWS credentials and region as boto finds them.
# Gives   what `raygate doctor` says, and its status. A dozen segments called raygate-probe are written to X-Ray.
set -eu
cd "$(dirname "$0")/.."
stack=raygate
case ${1:-} in "" | -*) ;; *) stack=$1; shift ;; esac

# The AWS CLI of `.venv` knows the older name alone.
if [ -n "${AWS_REGION:-}" ]; then export AWS_DEFAULT_REGION="$AWS_REGION"; fi
url=$(.venv/bin/aws cloudformation describe-stacks --stack-name "$stack" \
    --query "Stacks[0].Outputs[?OutputKey=='Url'].OutputValue" --output text)
case $url in
    http*) ;;
    *) echo "The stack $stack has no output Url: is it a stack of this template?" >&2; exit 1 ;;
esac
# In the environment, where no list of processes shows it. It is no setting, so it must not look like one.
key=${RAYGATE_PROBE_KEY:-}
unset RAYGATE_PROBE_KEY
if [ -n "$key" ]; then export OTEL_EXPORTER_OTLP_HEADERS="x-api-key=$key"; fi
exec .venv/bin/raygate doctor --live --yes --endpoint "$url" --xray aws "$@"

#!/bin/sh
# Makes a virtual environment from a file of pinned, hashed requirements; does nothing when that is done already.
#
# Takes   the environment's folder, the requirements, the Python versions that will do (the best first).
#         `-e` before them installs the project itself too, from where it lies.
# Gives   the folder, with a stamp in it of all that decides its content. When that changes, the folder is made anew:
#         what is no longer required must not stay by chance.
# Raises  status 1 with what is missing; nothing half-made counts as done.
set -eu
cd "$(dirname "$0")/.."

editable=no
if [ "$1" = -e ]; then editable=yes; shift; fi
folder=$1
requirements=$2
shift 2

# Of pyproject.toml only what decides how the project is installed: lint and test settings come after that.
stamp=$(sed '/^\[tool\.ruff\]/,$d' pyproject.toml | cat - "$requirements" local/make_venv.sh | cksum)" $* $editable $PWD"
if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then exit 0; fi

python=$(sh local/find_python.sh "$@")
echo "Setting up $folder with $("$python" --version) from $requirements ..."
rm -rf "$folder"
"$python" -m venv "$folder"

log=$folder/setup.log
install() {
    if ! "$folder/bin/python" -m pip install --disable-pip-version-check --no-input "$@" >"$log" 2>&1; then
        cat "$log" >&2
        echo "Setting up $folder failed. Is a package index within reach? pip's own settings apply." >&2
        exit 1
    fi
}
# The file is complete, so there is nothing to resolve; old versions of pip even refuse hashes with extras when they try.
install --no-deps --require-hashes -r "$requirements"
if [ "$editable" = yes ]; then install --no-deps --no-build-isolation -e .; fi
echo "$stamp" >"$folder/.stamp"

#!/bin/sh
# Prints the path of a Python that can make virtual environments; tells what is missing when there is none.
#
# Takes   the versions to look for, the best first: `find_python.sh 3.13 3.12 3.11`, or one that it must be.
# Gives   the interpreter's own path on standard output.
# Raises  status 1, and on standard error what was tried and what to install.
#
# A name on the PATH proves nothing: pyenv puts a `python3.13` there that fails unless pyenv has selected it,
# and Debian's python3 comes without venv. So each candidate is run, and asked for what is needed.
set -u

wanted="$*"
tried=""
lacking=""

candidates() {
    for version in $wanted; do
        echo "python$version"
        for root in "${PYENV_ROOT:-$HOME/.pyenv}/versions" "$HOME/.local/share/uv/python" /opt/python; do
            # The newest patch first.
            ls -d "$root/"*"$version"*"/bin/python$version" 2>/dev/null | sort -rV
        done
        for folder in /usr/local/bin /usr/bin /opt/homebrew/bin; do echo "$folder/python$version"; done
    done
    echo python3
}

for candidate in $(candidates); do
    found=$("$candidate" -c '
import sys
print("{}.{}".format(*sys.version_info[:2]), getattr(sys, "_base_executable", sys.executable))
' 2>/dev/null) || continue
    version=${found%% *}
    path=${found#* }
    case " $wanted " in
        *" $version "*) ;;
        *) tried="$tried\n  $path is Python $version"; continue ;;
    esac
    if "$path" -c 'import ensurepip, venv, ssl, zlib' 2>/dev/null; then
        echo "$path"
        exit 0
    fi
    lacking="$lacking\n  $path (Python $version) lacks $("$path" -c '
import importlib.util
print(", ".join(name for name in ("ensurepip", "venv", "ssl", "zlib") if importlib.util.find_spec(name) is None))
')"
done

{
    echo "No usable Python found: one of $wanted is needed, with venv and ensurepip."
    [ -n "$lacking" ] && printf 'Found, but incomplete (on Debian and Ubuntu: apt install python3-venv):%b\n' "$lacking"
    [ -n "$tried" ] && printf 'Found, but of another version:%b\n' "$tried"
    echo "Install one from your system's packages, from python.org, or with: pyenv install ${wanted%% *}"
} >&2
exit 1

#!/bin/sh
# A virtual environment; Debian and Ubuntu keep the module for it in a package of its own.
set -eu
python=$1 venv=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
    echo "kkplan needs Python 3.10 or newer; name one: make PYTHON=python3.11 ..." >&2
    exit 1
}
"$python" -m venv "$venv" 2>/dev/null && exit 0
rm -rf "$venv"
sh "$(dirname "$0")/apt_install.sh" python3-venv
exec "$python" -m venv "$venv"

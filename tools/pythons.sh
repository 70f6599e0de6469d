#!/bin/sh
# The main tests (without those of left_out.txt, which no version of Python changes) under every other Python from 3.10 to 3.13 that this machine has.
set -eu
own=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
for version in 3.10 3.11 3.12 3.13; do
    [ "$version" = "$own" ] && continue
    found=
    for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
        if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
            found=$candidate
            break
        fi
    done
    if [ -z "$found" ]; then
        echo "Python $version: not on this machine"
        continue
    fi
    venv=.venv-$version
    [ -x "$venv/bin/python" ] || "$found" -m venv "$venv"
    if [ ! -e "$venv/.installed" ] || [ pyproject.toml -nt "$venv/.installed" ]; then
        "$venv/bin/pip" install --quiet --disable-pip-version-check --editable '.[test]'
        touch "$venv/.installed"
    fi
    echo "Python $version:"
    # shellcheck disable=SC2046 # one word for each path
    "$venv/bin/pytest" -n "${WORKERS:-auto}" -m "not thorough" $(sed 's/^/--ignore=/' tools/left_out.txt)
done

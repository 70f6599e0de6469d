#!/bin/sh
# A short run of the fuzzer with both parsers; quiet unless it finds something. atheris has wheels for some Pythons only.
set -eu
bin=$1
if ! "$bin/pip" install --quiet --disable-pip-version-check --only-binary atheris --editable '.[fuzz]' 2>/dev/null; then
    echo "fuzzer: no wheel for this Python"
    exit 0
fi
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
for parser in '' pure; do
    if ! KKPLAN_YAML=$parser "$bin/python" -m tests.attack.fuzz "$corpus" -runs=3000 >"$corpus.log" 2>&1; then
        cat "$corpus.log"
        rm -f "$corpus.log"
        exit 1
    fi
    rm -f "$corpus.log"
done

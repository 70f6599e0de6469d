#!/bin/sh
# Debian's packages that the one file is made with: packages.sh PYTHON-VERSION.
set -eu
need=
command -v objcopy >/dev/null 2>&1 || need="$need binutils"
/sbin/ldconfig -p | grep -q "libpython$1\.so" || need="$need libpython$1"
[ -z "$need" ] && exit 0
# shellcheck disable=SC2086 # a list of package names
exec sh "$(dirname "$0")/../apt_install.sh" $need

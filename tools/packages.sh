#!/bin/sh
# Debian's packages that the tests run: the real load balancer programs, namespaces, a shell checker.
# With the argument all: those of make test-all too, such as a browser.
set -eu
need=
add() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || need="$need $2"; }
add haproxy haproxy
add keepalived keepalived
add ip iproute2
add nft nftables
add unshare util-linux
add killall psmisc
add patch patch
add shellcheck shellcheck
add openssl openssl
add strace strace
add busybox busybox
add ping iputils-ping
add systemd-nspawn systemd-container
add mmdebstrap mmdebstrap
[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || need="$need debian-archive-keyring" # Ubuntu lacks it
add ssh openssh-client
add man man-db
add groff groff
add zsh zsh
add fish fish
add sshd openssh-server
if [ "${1-}" = all ]; then
	add chromium chromium
	add pdftotext poppler-utils
	[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || need="$need fonts-noto-cjk"
fi
[ -z "$need" ] && exit 0
# shellcheck disable=SC2086 # a list of package names
sh "$(dirname "$0")/apt_install.sh" $need
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
# The tests start an sshd of their own; one that was not here before is not to be left open to the network.
case $need in *openssh-server*) $sudo systemctl disable --now ssh.service ssh.socket >/dev/null 2>&1 || : ;; esac

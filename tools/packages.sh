#!/bin/sh
# Debian's packages that the tests run: the real load balancer programs, namespaces, a shell checker.
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
[ -z "$need" ] && exit 0
echo "installing$need"
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq
# shellcheck disable=SC2086 # a list of package names
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $need >/dev/null
# The tests start an sshd of their own; one that was not here before is not to be left open to the network.
case $need in *openssh-server*) $sudo systemctl disable --now ssh.service ssh.socket >/dev/null 2>&1 || : ;; esac

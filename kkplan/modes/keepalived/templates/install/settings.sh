#!/bin/sh
# Makes this server one of the load balancers that kkplan has planned. README.md says the same by hand.
# Made by kkplan.
#
# Installs HAProxy and Keepalived where they are missing, lets the installed programs check their files, and only then
# puts the files in place, opens the firewall and starts both services. Safe to run again. When anything fails, the
# files that were there before are there again, and the services run as before.
set -eu
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# What this creates is for all to read, also where root's umask is 077.
umask 022

vip=@@vip
vip_prefix=@@prefix
port=@@port
monitor_port=@@monitor_port

# Name, own IP address and NIC of every LB server.
lb_hosts() {
    cat <<'HOSTS'
@@lb_hosts
HOSTS
}

usage() {
    cat <<'USAGE'
Usage: ./install.sh [--host NAME] [--dry-run]
       ./install.sh --uninstall
       ./install.sh --help

Makes this server an LB server, with HAProxy and Keepalived. Run it as root on each LB server.

  --host NAME   the LB server that this machine is; found by its own IP addresses where not given
  --dry-run     check everything that can be checked, say what would be done, and change nothing
  --uninstall   put the newest backup back: the files and services as they were before that installation
  --help        show this text
USAGE
}

haproxy_cfg=/etc/haproxy/haproxy.cfg
check_script=/etc/keepalived/check-haproxy.sh
restart_conf=/etc/systemd/system/keepalived.service.d/kkplan-restart.conf
keepalived_conf=/etc/keepalived/keepalived.conf
# All of them; each has the same name in the bundle and in a backup.
places="$haproxy_cfg $check_script $restart_conf $keepalived_conf"

# In here: backup-* of each installation, restored-* of each that was uninstalled. While one is at work: "new", a backup
# that is not complete yet, then "unfinished", which goes back in place unless the installation succeeds.
backups=/var/lib/kkplan
unfinished=$backups/unfinished
lock=/run/kkplan-install.lock

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
action=install
wanted=
locked=no
changed=
services_touched=no
keepalived_restarted=no
holder_before=
services=
fitted=

#!/bin/sh
# Sets up this server as one of the planned LB servers. README.md has the same steps by hand.
# Made by kkplan.
#
# Installs HAProxy and Keepalived if they are missing, checks both files with the installed programs, and only then
# puts the files in place, opens the firewall and starts both services. Safe to run again. If anything fails, the
# previous files are restored, and the services run as before.
set -eu
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# New files are readable by all users, even if root's umask is 077.
umask 022

vip=@@vip
vip_prefix=@@prefix
port=@@port
# Of the health check; empty if the pair has none.
monitor_port=@@monitor_port
# The programs that the files need.
programs="@@programs"
# Seconds within which a started Keepalived takes a VIP that no other server holds.
takeover=@@takeover

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

Sets up this server as an LB server, with HAProxy and Keepalived. Run it as root on each LB server.

  --host NAME   name of this LB server [default: found by its IP addresses]
  --dry-run     check everything that can be checked, show what would be done, and change nothing
  --uninstall   restore the newest backup: the files and services as before that installation
  --help        show this text
USAGE
}

haproxy_cfg=/etc/haproxy/haproxy.cfg
check_script=/etc/keepalived/check-haproxy.sh
restart_conf=/etc/systemd/system/keepalived.service.d/kkplan-restart.conf
haproxy_restart_conf=/etc/systemd/system/haproxy.service.d/kkplan-haproxy.conf
keepalived_conf=/etc/keepalived/keepalived.conf
# All files of a pair; each has the same name in the bundle and in a backup.
places="$haproxy_cfg $check_script $restart_conf $haproxy_restart_conf $keepalived_conf"
# The names of those in the bundle. The others are removed if an earlier plan has put them in place.
bundled="@@bundled"
is_bundled() { case " $bundled " in *" ${1##*/} "*) true ;; *) false ;; esac }

# Contains backup-* of each installation and restored-* of each that was uninstalled. During an installation: "new", an
# incomplete backup, then "unfinished", which is restored unless the installation succeeds.
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

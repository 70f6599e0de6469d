#!/bin/sh
# Makes this server one of the load balancers that kkplan has planned. README.md says the same by hand.
#
# Installs HAProxy and Keepalived where they are missing, lets the installed programs check their files, and only then
# puts the files in place, opens the firewall and starts both services. Safe to run again. When anything fails, the
# files that were there before are there again.
set -eu
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

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
  --uninstall   put the newest backup of the replaced files back, with the services as they fit it
  --help        show this text
USAGE
}

haproxy_cfg=/etc/haproxy/haproxy.cfg
keepalived_conf=/etc/keepalived/keepalived.conf
check_script=/etc/keepalived/check-haproxy.sh
backups=/var/lib/kkplan

here=$(cd "$(dirname "$0")" && pwd)
action=install
wanted=
stage=
backup=
replaced=no

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

parse_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
        --host)
            [ $# -ge 2 ] || fail "--host needs a name"
            wanted=$2
            shift
            ;;
        --host=*) wanted=${1#--host=} ;;
        --dry-run | --uninstall)
            [ "$action" = install ] || fail "--dry-run and --uninstall do not go together"
            action=${1#--}
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            usage >&2
            fail "unknown argument: $1"
            ;;
        esac
        shift
    done
}

check_system() {
    [ "$(id -u)" -eq 0 ] || fail "this needs root, also for --dry-run: try sudo $0"
    has systemctl || fail "there is no systemctl: do it by hand as README.md says"
    has ip || fail "there is no ip: install iproute2 (iproute)"
}

# --- Which LB server is this ---

# The addresses of this machine, or of one NIC of it: address and prefix on a line.
own_addresses() {
    # shellcheck disable=SC2086 # no argument at all where no NIC is given
    ip -o addr show ${1:+dev "$1"} 2>/dev/null | awk '{ sub("/", " ", $4); print $4 }'
}

has_address() { own_addresses "${2-}" | awk '{ print $1 }' | grep -qxF "$1"; }

find_host() {
    name=
    while read -r a_name an_address a_nic; do
        if [ -n "$wanted" ]; then
            [ "$a_name" = "$wanted" ] || continue
        else
            has_address "$an_address" || continue
        fi
        name=$a_name address=$an_address nic=$a_nic
        break
    done <<EOT
$(lb_hosts)
EOT
    [ -n "$name" ] && return
    lb_hosts >&2
    [ -z "$wanted" ] || fail "no LB server is named $wanted; they are listed above"
    fail "this machine has none of the LB servers' addresses; they are listed above"
}

nic_advice() {
    right=$(ip -o addr show | awk -v address="$address" '{ sub("/.*", "", $4); if ($4 == address) { print $2; exit } }')
    if [ -n "$right" ]; then
        say "The address is on $right: plan again with --lb $name=$address,nic=$right"
    else
        say "This machine does not have the address at all: is it $name?"
    fi
}

check_nic() {
    ip link show dev "$nic" >/dev/null 2>&1 || fail "there is no NIC named $nic here. $(nic_advice)"
    has_address "$address" "$nic" || fail "NIC $nic does not have the address $address. $(nic_advice)"
    prefix=$(own_addresses "$nic" | awk -v address="$address" '$1 == address { print $2; exit }')
    [ "$prefix" = "$vip_prefix" ] ||
        warn "the VIP has the prefix /$vip_prefix, $address has /$prefix: better plan again with --address $vip/$prefix"
}

check_bundle() {
    bundle=$here/$name
    for file in haproxy.cfg keepalived.conf check-haproxy.sh; do
        [ -f "$bundle/$file" ] || fail "$bundle/$file is missing: copy the folder $name beside install.sh"
    done
}

# --- Who else is there ---

check_port() {
    has ss || return 0
    others=$(ss -Hltnp "sport = :$1" 2>/dev/null | grep -v '"haproxy"' || :)
    [ -z "$others" ] || fail "another program listens on port $1, so HAProxy cannot: $others"
}

# The MAC address that answers for an IP address on the NIC; nothing where nobody does. The kernel asks, by ARP or
# neighbour discovery, before it sends a datagram: that works for both families, and arping is not everywhere.
mac_of() {
    ip neigh flush to "$1" dev "$nic" >/dev/null 2>&1 || :
    # shellcheck disable=SC2016 # the inner shell expands it
    bash -c 'echo >"/dev/udp/$1/9"' bash "$1" 2>/dev/null || :
    for _ in 1 2 3; do
        mac=$(ip neigh show to "$1" dev "$nic" | awk '{ for (i = 1; i < NF; i++) if ($i == "lladdr") print $(i + 1) }')
        [ -z "$mac" ] || break
        sleep 0.5
    done
    printf '%s\n' "$mac"
}

# The name of the LB server that holds the VIP, or the MAC address of a stranger; nothing where nobody has it.
holder() {
    if has_address "$vip"; then
        say "$name"
        return
    fi
    vip_mac=$(mac_of "$vip")
    [ -n "$vip_mac" ] || return 0
    lb_hosts | while read -r a_name an_address _; do
        if [ "$a_name" != "$name" ] && [ "$(mac_of "$an_address")" = "$vip_mac" ]; then
            say "$a_name"
            break
        fi
    done | grep . || say "$vip_mac"
}

is_lb_host() { lb_hosts | awk '{ print $1 }' | grep -qxF "$1"; }

check_vip() {
    has bash || return 0
    found=$(holder)
    [ -z "$found" ] || is_lb_host "$found" ||
        fail "another machine has the VIP $vip already (MAC address $found): choose a free address and plan again"
}

# --- Packages ---

install_packages() {
    missing=
    for program in haproxy keepalived bash; do
        has "$program" || missing="$missing $program"
    done
    [ -n "$missing" ] || return 0
    if [ "$action" = dry-run ]; then
        say "would install:$missing"
        return
    fi
    say "installing:$missing"
    # shellcheck disable=SC2086 # one word for each package
    if has apt-get; then
        apt-get update || warn "apt-get update failed; trying with the lists that are here"
        DEBIAN_FRONTEND=noninteractive apt-get install -y $missing
    elif has dnf; then
        dnf install -y $missing
    elif has yum; then
        yum install -y $missing
    elif has zypper; then
        zypper --non-interactive install $missing
    else
        false
    fi || fail "cannot install:$missing. Offline: install the packages by hand, then run this again"
    for program in haproxy keepalived bash; do
        has "$program" || fail "there is still no $program"
    done
}

# --- The files ---

# Keepalived looks at the script that its file names, so for the check the name is that of the copy. The copy is in a
# folder of root's below /etc/keepalived: script security refuses /tmp, and /run may be mounted noexec.
check_files() {
    if ! has haproxy || ! has keepalived; then
        say "the files cannot be checked before HAProxy and Keepalived are installed"
        return
    fi
    stage=$(mktemp -d "${check_script%/*}/.kkplan.XXXXXX")
    install -m 0755 "$bundle/check-haproxy.sh" "$stage/check-haproxy.sh"
    sed "s|$check_script|$stage/check-haproxy.sh|" "$bundle/keepalived.conf" >"$stage/keepalived.conf"
    haproxy -c -f "$bundle/haproxy.cfg" >"$stage/said" 2>&1 || {
        cat "$stage/said" >&2
        fail "the installed HAProxy refuses $bundle/haproxy.cfg; nothing was changed"
    }
    if keepalived --help 2>&1 | grep -q config-test; then
        keepalived -t -l -f "$stage/keepalived.conf" >"$stage/said" 2>&1 || {
            cat "$stage/said" >&2
            fail "the installed Keepalived refuses $bundle/keepalived.conf; nothing was changed"
        }
    else
        warn "this Keepalived is too old to check a file"
    fi
    say "both files are right for the installed programs"
}

is_in_place() {
    cmp -s "$bundle/haproxy.cfg" "$haproxy_cfg" && cmp -s "$bundle/keepalived.conf" "$keepalived_conf" &&
        cmp -s "$bundle/check-haproxy.sh" "$check_script" && [ -x "$check_script" ]
}

back_up() {
    mkdir -p "$backups"
    chmod 0700 "$backups"
    backup=$(mktemp -d "$backups/backup-$(date +%Y%m%d-%H%M%S)-XXXXXX")
    for file in "$haproxy_cfg" "$keepalived_conf" "$check_script"; do
        if [ -e "$file" ]; then cp -p "$file" "$backup/"; fi
    done
    say "backup of the files before: $backup"
}

# Whole or not at all: what reads the file meanwhile gets the old one.
put() {
    install -m "$1" "$2" "$3.kkplan"
    mv -f "$3.kkplan" "$3"
}

put_files() {
    replaced=yes
    mkdir -p /etc/haproxy /etc/keepalived
    put 0644 "$bundle/haproxy.cfg" "$haproxy_cfg"
    put 0755 "$bundle/check-haproxy.sh" "$check_script"
    put 0644 "$bundle/keepalived.conf" "$keepalived_conf"
}

# Puts the files of a backup folder back; those that it does not have were not there.
restore_files() {
    for file in "$haproxy_cfg" "$keepalived_conf" "$check_script"; do
        if [ -e "$1/${file##*/}" ]; then cp -p "$1/${file##*/}" "$file"; else rm -f "$file"; fi
        rm -f "$file.kkplan"
    done
}

# Each service runs where it has a file again, and else it does not.
restore_services() {
    for service in haproxy keepalived; do
        if [ -s "/etc/$service/$service.cfg" ] || [ -s "/etc/$service/$service.conf" ]; then
            systemctl restart "$service" || warn "$service does not start with its old file"
        else
            systemctl disable --now "$service" || :
        fi
    done
}

# --- What is in the way of the traffic ---

open_firewall() {
    if has firewall-cmd && firewall-cmd --state >/dev/null 2>&1; then
        zone=$(firewall-cmd --get-zone-of-interface="$nic" 2>/dev/null) || zone=$(firewall-cmd --get-default-zone)
        if firewall-cmd --quiet --zone="$zone" --add-port="$port/tcp" --add-protocol=vrrp &&
            firewall-cmd --quiet --permanent --zone="$zone" --add-port="$port/tcp" --add-protocol=vrrp; then
            say "firewalld: opened TCP port $port and VRRP in zone $zone"
        else
            warn "firewalld: open TCP port $port and protocol vrrp by hand"
        fi
    fi
    if has ufw && ufw status 2>/dev/null | grep -q '^Status: active'; then
        ufw allow "$port/tcp" >/dev/null || warn "ufw: open TCP port $port by hand"
        lb_hosts | while read -r _ an_address _; do
            [ "$an_address" != "$address" ] || continue
            # An older ufw does not know VRRP; then everything from that server is let in.
            ufw allow proto vrrp from "$an_address" >/dev/null 2>&1 || ufw allow from "$an_address" >/dev/null ||
                warn "ufw: allow VRRP (IP protocol 112) from $an_address by hand"
        done
        say "ufw: opened TCP port $port, and VRRP from the other LB servers"
    fi
}

# haproxy_selinux(8), keepalived_selinux(8): HAProxy may connect to few ports, and Keepalived may run few scripts.
allow_in_selinux() {
    has getenforce && [ "$(getenforce)" != Disabled ] || return 0
    case $(getsebool haproxy_connect_any 2>/dev/null) in
    *off) setsebool -P haproxy_connect_any 1 || warn "SELinux: run setsebool -P haproxy_connect_any 1" ;;
    esac
    label=keepalived_unconfined_script_exec_t
    if has semanage; then semanage fcontext -a -t "$label" "$check_script" >/dev/null 2>&1 || :; fi
    chcon -t "$label" "$check_script" || warn "SELinux: run chcon -t $label $check_script"
}

# --- The services ---

start_services() {
    systemctl enable haproxy keepalived
    systemctl restart haproxy
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        if "$check_script"; then
            systemctl restart keepalived
            return
        fi
        sleep 0.5
    done
    fail "HAProxy does not answer on 127.0.0.1:$monitor_port; see journalctl -u haproxy"
}

keep_services_running() {
    systemctl enable haproxy keepalived
    for service in haproxy keepalived; do
        systemctl is-active --quiet "$service" || systemctl restart "$service"
    done
}

report_holder() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        found=$(holder)
        if [ "$found" = "$name" ]; then
            say "the VIP $vip is on this server ($name)"
            return
        fi
        if [ -n "$found" ] && is_lb_host "$found"; then
            say "the VIP $vip is on $found; this server ($name) stands by"
            return
        fi
        sleep 1
    done
    fail "no LB server holds the VIP $vip, though both services run with the new files; see journalctl -u keepalived." \
        "To go back: $0 --uninstall"
}

install_here() {
    find_host
    say "this server is $name ($address on $nic)"
    check_bundle
    check_nic
    check_port "$port"
    check_port "$monitor_port"
    check_vip
    install_packages
    check_files
    if is_in_place; then
        say "all files are in place already"
        [ "$action" = dry-run ] || keep_services_running
    elif [ "$action" = dry-run ]; then
        say "would back up and replace: $haproxy_cfg $keepalived_conf $check_script"
        say "would open TCP port $port and VRRP in the firewall, and enable and restart haproxy and keepalived"
    else
        back_up
        put_files
        open_firewall
        allow_in_selinux
        start_services
        replaced=no
    fi
    [ "$action" = dry-run ] || report_holder
}

uninstall() {
    newest=
    for folder in "$backups"/backup-*; do
        if [ -d "$folder" ]; then newest=$folder; fi
    done
    [ -n "$newest" ] || fail "there is no backup in $backups"
    restore_files "$newest"
    restore_services
    mv "$newest" "$backups/restored-${newest##*/backup-}"
    say "restored the files of $newest; packages and firewall rules are as they were"
}

finish() {
    status=$?
    trap - EXIT
    [ -z "$stage" ] || rm -rf "$stage"
    if [ "$status" -ne 0 ] && [ "$replaced" = yes ]; then
        restore_files "$backup"
        restore_services
        rm -rf "$backup"
        printf 'error: the installation failed; the files that were there before are in place again\n' >&2
    fi
    exit "$status"
}

trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

parse_arguments "$@"
check_system
case $action in
uninstall) uninstall ;;
*) install_here ;;
esac

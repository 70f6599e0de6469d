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

vip=172.16.0.10
vip_prefix=24
port=6443
# Of the health check; empty if the pair has none.
monitor_port=8404
# The programs that the files need.
programs="haproxy keepalived bash"
# Seconds within which a started Keepalived takes a VIP that no other server holds.
takeover=4

# Name, own IP address and NIC of every LB server.
lb_hosts() {
    cat <<'HOSTS'
lb1 172.16.0.2 eth0
lb2 172.16.0.3 eth0
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
bundled="haproxy.cfg keepalived.conf check-haproxy.sh kkplan-restart.conf kkplan-haproxy.conf"
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
            [ "$action" = install ] || fail "--dry-run cannot be used with --uninstall"
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
    [ "$(id -u)" -eq 0 ] || fail "this needs root, even for --dry-run. Run: sudo $0"
    has systemctl || fail "systemctl not found: install by hand, as described in README.md"
    [ "$(systemctl is-system-running 2>/dev/null)" != offline ] ||
        fail "systemd is not running, as in a container: install by hand, as described in README.md"
    has ip || fail "ip not found: install iproute2 (iproute)"
    has sha256sum || fail "sha256sum not found: install coreutils"
}

# One run at a time. The lock is a link to the process id, which is created atomically; a killed run leaves it, and its
# process id may belong to another program later.
take_lock() {
    for _ in 1 2 3; do
        if ln -s $$ "$lock" 2>/dev/null; then
            locked=yes
            return
        fi
        other=$(readlink "$lock") || continue
        ! is_install "$other" || fail "another install.sh is running: process $other"
        rm -f "$lock"
    done
    fail "cannot make $lock"
}

is_install() { kill -0 "$1" 2>/dev/null && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -q 'install\.sh'; }

# --- Which LB server is this ---

# The addresses of this machine, or of one NIC: address and prefix on a line.
own_addresses() {
    # shellcheck disable=SC2086 # no argument if no NIC is given
    ip -o addr show ${1:+dev "$1"} 2>/dev/null | awk '{ sub("/", " ", $4); print $4 }'
}

has_address() { own_addresses "${2-}" | awk '{ print $1 }' | grep -qxF "$1"; }

prefix_of() { own_addresses "$nic" | awk -v address="$1" '$1 == address { print $2; exit }'; }

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
    [ -z "$wanted" ] || fail "unknown LB server $wanted; the LB servers are listed above"
    fail "this machine has none of the LB servers' addresses, which are listed above"
}

nic_advice() {
    right=$(ip -o addr show | awk -v address="$address" '{ sub("/.*", "", $4); if ($4 == address) { print $2; exit } }')
    if [ -n "$right" ]; then
        say "The address is on $right: plan again with --lb $name=$address,nic=$right"
    else
        say "This machine does not have the address. Check that it is $name"
    fi
}

check_nic() {
    ip link show dev "$nic" >/dev/null 2>&1 || fail "NIC $nic does not exist. $(nic_advice)"
    has_address "$address" "$nic" || fail "NIC $nic does not have the address $address. $(nic_advice)"
    prefix=$(prefix_of "$address")
    [ "$prefix" = "$vip_prefix" ] ||
        warn "the VIP has the prefix /$vip_prefix, $address has /$prefix: plan again with --address $vip/$prefix"
}

check_bundle() {
    bundle=$here/$name
    [ -f "$here/SHA256SUMS" ] || fail "$here/SHA256SUMS is missing: copy it beside install.sh"
    check_sum install.sh
    for file in $bundled; do
        [ -f "$bundle/$file" ] || fail "$bundle/$file is missing: copy the whole folder $name beside install.sh"
        check_sum "$name/$file"
    done
}

# kkplan writes SHA256SUMS last, so this also finds a folder that an interrupted kkplan has left.
# Without the first line of the list, kkplan does not treat the edited file as its own, and keeps a backup of it.
check_sum() {
    sum=$(sha256sum <"$here/$1") || fail "cannot read $here/$1"
    listed=$(awk -v file="$1" 'substr($0, 67) == file { print substr($0, 1, 66) }' "$here/SHA256SUMS")
    [ "$listed" = "${sum%% *}  " ] ||
        fail "$here/$1 does not match SHA256SUMS: run kkplan apply again, and copy the files again." \
            "To keep an intentional edit, run this in $here:" \
            "sed -i '/^#/d; \\| [ *]$1\$|d' SHA256SUMS && sha256sum $1 >>SHA256SUMS"
}

# --- Other machines and programs ---

check_port() {
    has ss || return 0
    others=$(ss -ltnp "sport = :$1" 2>/dev/null | grep '^LISTEN' | grep -v '"haproxy"' || :)
    [ -z "$others" ] || fail "another program listens on port $1, so HAProxy cannot: $others"
}

# The MAC address that answers for an IP address on the NIC; nothing if there is none. The kernel asks, by ARP or
# neighbour discovery, before it sends a datagram: this works for both families, and without arping.
# It asks three times in three seconds, then the entry is FAILED.
mac_of() {
    ip neigh flush to "$1" dev "$nic" >/dev/null 2>&1 || :
    send_to "$1"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
        entry=$(ip neigh show to "$1" dev "$nic")
        case $entry in *lladdr* | *FAILED*) break ;; esac
        sleep 0.2
    done
    say "$entry" | awk '{ for (i = 1; i < NF; i++) if ($i == "lladdr") print $(i + 1) }'
}

send_to() {
    if has bash; then
        # shellcheck disable=SC2016 # the inner shell expands it
        bash -c 'echo >"/dev/udp/$1/9"' bash "$1" 2>/dev/null || :
    else
        ping -c 1 -W 1 "$1" >/dev/null 2>&1 || :
    fi
}

# The name of the LB server that holds the VIP, or the MAC address of another machine; nothing if there is none.
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
    if ! has bash && ! has ping; then
        warn "cannot check who has the VIP $vip: neither bash nor ping is installed"
        return
    fi
    holder_before=$(holder)
    [ -z "$holder_before" ] || is_lb_host "$holder_before" ||
        fail "another machine already has the VIP $vip (MAC address $holder_before): choose a free address and plan" \
            "again. If it is an LB server of an earlier plan, run there: systemctl disable --now keepalived"
    # Keepalived does not release an address that it has not set.
    [ "$holder_before" != "$name" ] || systemctl is-active --quiet keepalived ||
        fail "this server has the VIP $vip, but Keepalived is not running: remove the address from the network" \
            "configuration, and run: ip addr del $vip/$(prefix_of "$vip") dev $nic"
}

# --- Packages ---

# Sets `missing`, the packages.
find_missing() {
    missing=
    for program in $programs; do
        package=$(package_of "$program")
        if ! has "$program" || is_half_installed "$package"; then missing="$missing $package"; fi
    done
}

package_of() { case $1 in killall) echo psmisc ;; *) echo "$1" ;; esac }

# A full disk or a power failure can stop dpkg after it unpacked a package and before it set it up: the program exists,
# its user and unit may not.
is_half_installed() {
    # shellcheck disable=SC2016 # dpkg-query expands it
    case $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) in
    unpacked | half-*) true ;;
    *) false ;;
    esac
}

# Without questions, so existing config files are kept. A new server may be updating itself, so wait for the lock.
apt_get_install() {
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get install -y -o DPkg::Lock::Timeout=120 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# apt-get refuses to install anything before: first set up what is complete, then fetch what is missing.
finish_interrupted_dpkg() {
    [ -n "$(dpkg --audit 2>/dev/null)$(ls /var/lib/dpkg/updates 2>/dev/null)" ] || return 0
    DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold --configure -a || :
    apt_get_install --fix-broken --no-remove || :
}

apt_install() {
    apt-get update || warn "apt-get update failed; continuing with the existing lists"
    finish_interrupted_dpkg
    apt_get_install "$@"
}

install_packages() {
    find_missing
    [ -n "$missing" ] || return 0
    if [ "$action" = dry-run ]; then
        say "would install:$missing"
        return
    fi
    say "installing:$missing"
    # shellcheck disable=SC2086 # one word for each package
    if has apt-get; then
        apt_install $missing
    elif has dnf; then
        dnf install -y $missing
    elif has yum; then
        yum install -y $missing
    elif has zypper; then
        zypper --non-interactive install $missing
    else
        false
    fi </dev/null || fail "cannot install:$missing. No file was replaced." \
        "Offline: install the packages by hand, then run this again"
    find_missing
    [ -z "$missing" ] || fail "installed, but not found:$missing. No file was replaced"
}

# --- The files ---

# In its own mount namespace, Keepalived finds the new files in their places; the server's files are not changed. It
# also finds the other files there: 2.3 reads its package's keepalived.config-opts. Exit status 125: the namespace
# could not be set up.
keepalived_accepts() {
    unshare --mount true || return 125
    # shellcheck disable=SC2016 # the inner shell expands it
    (cd "$bundle" && unshare --mount sh -c '
        bundle=$(pwd) && mount --make-rprivate / && cd "$1" && mount -t tmpfs -o mode=0755 tmpfs "$1" &&
            cp -a . "$1" && cd "$bundle" && rm -f "$1/keepalived.conf" "$1/check-haproxy.sh" &&
            cp keepalived.conf "$1" || exit 125
        [ ! -f check-haproxy.sh ] || { cp check-haproxy.sh "$1" && chmod 0755 "$1/check-haproxy.sh"; } || exit 125
        exec keepalived -t -l -f "$1/keepalived.conf"
    ' sh "${keepalived_conf%/*}")
}

check_files() {
    if ! has haproxy || ! has keepalived; then
        say "the files cannot be checked before HAProxy and Keepalived are installed"
        return
    fi
    [ "$action" = dry-run ] || mkdir -p "${keepalived_conf%/*}"
    said=$(haproxy -c -f "$bundle/haproxy.cfg" 2>&1) || {
        printf '%s\n' "$said" >&2
        fail "the installed HAProxy rejects $bundle/haproxy.cfg; no file was replaced"
    }
    if ! keepalived --help 2>&1 | grep config-test >/dev/null; then
        warn "Keepalived $version cannot check its file: --config-test exists since 2.0.4. HAProxy's file is valid"
        return
    fi
    said=$(keepalived_accepts 2>&1) || {
        status=$?
        printf '%s\n' "$said" >&2
        [ "$status" -ne 125 ] || fail "cannot check Keepalived's file without a mount namespace; no file was replaced"
        fail "the installed Keepalived rejects $bundle/keepalived.conf; no file was replaced"
    }
    say "both files are valid for the installed programs"
}

# Removes settings that an older Keepalived does not know. down_timer_adverts exists since 2.2.3; without it there is
# one advert a second instead of many, so that lost packets rarely move the VIP, but the others take over after 3 s
# instead of 1 s. systemd must wait for that, too: a new Keepalived removes a killed one's VIP from the NIC. And
# check_holder_stays must: a new Keepalived that receives no adverts takes the VIP up to 3 s later.
# min_ttl, max_ttl and unicast_ttl exist since 2.1.0.
# The guide's file has none of them.
fit_keepalived() {
    has keepalived || return 0
    version=$(keepalived --version 2>&1 | sed -n 's/^Keepalived v\([0-9.]*\).*/\1/p')
    [ -n "$version" ] && is_bundled "$restart_conf" && is_older_than 20203 || return 0
    fitted=$(mktemp -d)
    cp -a "$bundle/." "$fitted"
    sed -e 's/^\( *\)advert_int .*/\1advert_int 1/' -e '/^ *down_timer_adverts /d' \
        "$bundle/keepalived.conf" >"$fitted/keepalived.conf"
    sed -i 's/^RestartSec=1$/RestartSec=4/' "$fitted/kkplan-restart.conf"
    takeover=$((takeover + 3))
    warn "Keepalived $version is older than 2.2.3: with one advert a second, the VIP moves after 3 s, not after 1 s." \
        "All LB servers should have the same version"
    if is_older_than 20100; then
        sed -i -e 's/ min_ttl 255 max_ttl 255$//' -e '/^ *unicast_ttl /d' "$fitted/keepalived.conf"
        warn "Keepalived $version is older than 2.1.0: it also accepts adverts from other subnets. The network" \
            "between the LB servers has to block forged ones"
    fi
    bundle=$fitted
}

# Major, minor and patch number in one: 2.2.3 is 20203.
is_older_than() { [ "$(say "$version" | awk -F. '{ print $1 * 10000 + $2 * 100 + $3 }')" -lt "$1" ]; }

mode_of() { case $1 in *.sh) echo 0755 ;; *) echo 0644 ;; esac }

# Keepalived runs no script that other users can write to, so mode and owner are compared as well.
is_in_place() {
    [ -f "$1" ] && [ "$(sha256sum <"$bundle/${1##*/}")" = "$(sha256sum <"$1")" ] &&
        [ "0$(stat -c '%a:%u' "$1")" = "$(mode_of "$1"):0" ]
}

# Sets `changed`.
find_changed() {
    changed=
    for file in $places; do
        if is_bundled "$file"; then
            is_in_place "$file" || changed="$changed $file"
        elif grep 'Made by kkplan' "$file" >/dev/null 2>&1; then
            changed="$changed $file" # to be removed; a file that kkplan did not make stays
        fi
    done
}

is_changed() { case "$changed " in *" $1 "*) true ;; *) false ;; esac }

# The services to restore after a failure. Noted before packages are installed: Debian's start HAProxy at once.
note_services() {
    for service in haproxy keepalived; do
        enabled=disabled active=inactive
        if systemctl is-enabled --quiet "$service" >/dev/null 2>&1; then enabled=enabled; fi
        if systemctl is-active --quiet "$service"; then active=active; fi
        say "$service $enabled $active"
    done
}

copy_files() {
    for file in $places; do
        if [ -e "$file" ] || [ -L "$file" ]; then cp -a "$file" "$1/" || return 1; fi
    done
}

back_up() {
    mkdir -p "$backups"
    chmod 0700 "$backups"
    rm -rf "$backups/new"
    { mkdir "$backups/new" && copy_files "$backups/new" && say "$services" >"$backups/new/services"; } ||
        fail "cannot make a backup in $backups; no file was replaced"
    mv "$backups/new" "$unfinished"
}

# All are written before the first is replaced, so that a full disk cannot interrupt it. Each is replaced atomically: a
# reader gets the old one or the new one.
put_files() {
    for file in $changed; do
        is_bundled "$file" || continue
        mkdir -p "${file%/*}"
        install -m "$(mode_of "$file")" "$bundle/${file##*/}" "$file.kkplan"
    done
    replaced=
    for file in $changed; do
        if is_bundled "$file"; then
            mv -f "$file.kkplan" "$file"
            replaced="$replaced $file"
        else
            rm -f "$file"
            say "removed: $file"
        fi
    done
    [ -z "$replaced" ] || say "replaced:$replaced"
}

newest_backup() {
    newest=
    for folder in "$backups"/backup-*; do
        if [ -d "$folder" ]; then newest=$folder; fi
    done
    printf '%s\n' "$newest"
}

# Numbered, because the clock may be set back.
keep_backup() {
    [ -d "$unfinished" ] || return 0
    number=$(newest_backup | awk '{ sub(".*/backup-", ""); printf "%04d", substr($0, 1, 4) + 1 }')
    kept=$backups/backup-$number-$(date +%Y%m%d-%H%M%S)
    mv "$unfinished" "$kept"
    say "backup of the previous files: $kept"
}

# Restores the files of a backup, and removes those that it does not have.
restore_files() {
    restored=yes
    for file in $places; do
        copy=$1/${file##*/}
        rm -f "$file.kkplan"
        if [ -e "$copy" ] || [ -L "$copy" ]; then
            # On a full disk, the second copy can use the space of the existing file.
            { cp -a "$copy" "$file.kkplan" && mv -f "$file.kkplan" "$file"; } || cp -a "$copy" "$file" || restored=no
            rm -f "$file.kkplan"
        else
            rm -f "$file"
        fi
    done
    rmdir "${restart_conf%/*}" "${haproxy_restart_conf%/*}" 2>/dev/null || :
    [ "$restored" = yes ]
}

# From the lines of note_services. Keepalived stops first, so that the VIP moves before HAProxy stops.
restore_services() {
    systemctl daemon-reload || :
    systemctl stop keepalived 2>/dev/null || :
    while read -r service enabled active; do
        [ -n "$service" ] || continue
        if [ "$active" = active ]; then
            systemctl restart "$service" || warn "$service does not start with its previous file"
        else
            systemctl disable --now "$service" >/dev/null 2>&1 || :
        fi
        if [ "$enabled" = enabled ]; then enabled=enable; else enabled=disable; fi
        systemctl "$enabled" "$service" >/dev/null 2>&1 || :
    done <<EOT
$1
EOT
}

# A run that was killed at once, or ended by a power failure, did not clean up.
undo_unfinished() {
    [ -d "$unfinished" ] || return 0
    if [ "$action" = dry-run ]; then
        say "would first put back what an installation has replaced that was cut off"
        return
    fi
    say "an installation was cut off; putting back what it has replaced"
    services_touched=yes
    restore_files "$unfinished" || fail "cannot put the files of $unfinished back"
    restore_services "$(cat "$unfinished/services")"
    rm -rf "$unfinished"
}

# --- Firewall and SELinux ---

open_firewall() {
    if has firewall-cmd && firewall-cmd --state >/dev/null 2>&1; then open_firewalld; fi
    if has ufw && ufw status 2>/dev/null | grep '^Status: active' >/dev/null; then open_ufw; fi
}

# At run time, and permanently.
open_firewalld() {
    zone=$(firewall-cmd --get-zone-of-interface="$nic" 2>/dev/null) || zone=$(firewall-cmd --get-default-zone)
    for permanent in '' --permanent; do
        # shellcheck disable=SC2086 # no argument for the run time
        { firewall-cmd --quiet $permanent --zone="$zone" --add-port="$port/tcp" && lb_hosts | add_vrrp_rules; } || {
            warn "firewalld: open TCP port $port, and VRRP (IP protocol 112) from the other LB servers, by hand"
            return
        }
    done
    say "firewalld: TCP port $port is open in zone $zone, and VRRP from the other LB servers"
}

add_vrrp_rules() {
    while read -r _ an_address _; do
        [ "$an_address" != "$address" ] || continue
        case $an_address in *:*) family=ipv6 ;; *) family=ipv4 ;; esac
        rule="rule family=\"$family\" source address=\"$an_address\" protocol value=\"vrrp\" accept"
        # shellcheck disable=SC2086 # no argument for the run time
        firewall-cmd --quiet $permanent --zone="$zone" --add-rich-rule="$rule" </dev/null || return 1
    done
}

# An older ufw does not know VRRP; then all traffic from that server is allowed.
allow_vrrp_from_others() {
    while read -r _ an_address _; do
        [ "$an_address" != "$address" ] || continue
        ufw allow proto vrrp from "$an_address" </dev/null >/dev/null 2>&1 ||
            ufw allow from "$an_address" </dev/null >/dev/null || return 1
    done
}

open_ufw() {
    { ufw allow "$port/tcp" >/dev/null && lb_hosts | allow_vrrp_from_others; } || {
        warn "ufw: open TCP port $port, and VRRP (IP protocol 112) from the other LB servers, by hand"
        return
    }
    say "ufw: TCP port $port is open, and VRRP from the other LB servers"
}

# haproxy_selinux(8), keepalived_selinux(8): HAProxy may connect to few ports, and Keepalived may run few scripts.
allow_in_selinux() {
    has getenforce && [ "$(getenforce)" != Disabled ] || return 0
    allowed=yes
    case $(getsebool haproxy_connect_any 2>/dev/null) in
    *off)
        setsebool -P haproxy_connect_any 1 || {
            warn "SELinux: run setsebool -P haproxy_connect_any 1"
            allowed=no
        }
        ;;
    esac
    if ! is_bundled "$check_script"; then
        [ "$allowed" = no ] || say "SELinux: HAProxy may connect to any port"
        return 0
    fi
    label=keepalived_unconfined_script_exec_t
    # For a relabelling of the file system; fails if it is set already.
    if has semanage; then semanage fcontext -a -t "$label" "$check_script" >/dev/null 2>&1 || :; fi
    chcon -t "$label" "$check_script" || {
        warn "SELinux: run chcon -t $label $check_script"
        allowed=no
    }
    [ "$allowed" = no ] || say "SELinux: HAProxy may connect to any port, and Keepalived may run its check script"
}

# --- The services ---

# Without the health check, all that can be seen is that HAProxy listens.
haproxy_is_alive() {
    if is_bundled "$check_script"; then
        "$check_script"
    elif has ss; then
        ss -ltnp "sport = :$port" | grep '"haproxy"' >/dev/null
    else
        systemctl is-active --quiet haproxy
    fi
}

haproxy_answers() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        ! haproxy_is_alive || return 0
        sleep 0.5
    done
    false
}

# Restarts only services whose files changed: a restart on the VIP holder closes connections.
start_services() {
    services_touched=yes
    if is_changed "$restart_conf" || is_changed "$haproxy_restart_conf"; then systemctl daemon-reload; fi
    if is_changed "$haproxy_cfg" || ! systemctl is-active --quiet haproxy || ! haproxy_is_alive; then
        systemctl restart haproxy || fail "HAProxy does not start; see journalctl -u haproxy"
        say "restarted haproxy"
    fi
    haproxy_answers || fail "HAProxy does not answer on 127.0.0.1:${monitor_port:-$port}; see journalctl -u haproxy"
    if is_changed "$keepalived_conf" || ! systemctl is-active --quiet keepalived; then
        systemctl restart keepalived || fail "Keepalived does not start; see journalctl -u keepalived"
        keepalived_restarted=yes
        say "restarted keepalived"
    fi
    for service in haproxy keepalived; do
        systemctl is-active --quiet "$service" || fail "$service has ended; see journalctl -u $service"
        systemctl is-enabled --quiet "$service" >/dev/null 2>&1 || {
            systemctl enable "$service"
            say "enabled $service: it starts at every boot"
        }
    done
}

# A new Keepalived takes the VIP when it receives no adverts. If another server held the VIP all the time, its adverts
# did not get through.
check_holder_stays() {
    [ "$keepalived_restarted" = yes ] && [ -n "$holder_before" ] && [ "$holder_before" != "$name" ] || return 0
    sleep "$takeover"
    ! has_address "$vip" ||
        fail "this server ($name) has taken the VIP $vip, which $holder_before held. Unless $holder_before has failed" \
            "just now, both hold it: VRRP (IP protocol 112) is blocked between them, or $holder_before does not know" \
            "this server yet: install there first. For another VIP or virtual_router_id, stop Keepalived on all LB" \
            "servers, then install"
}

report_holder() {
    check_holder_stays
    tries=$((takeover * 2))
    while [ "$tries" -gt 0 ]; do
        found=$(holder)
        if [ "$found" = "$name" ]; then
            say "the VIP $vip is on this server ($name)"
            return
        fi
        if [ -n "$found" ] && is_lb_host "$found"; then
            say "the VIP $vip is on $found; this server ($name) is a backup"
            return
        fi
        sleep 0.5
        tries=$((tries - 1))
    done
    fail "no LB server holds the VIP $vip; see journalctl -u keepalived"
}

# --- Actions ---

say_what_would_be_done() {
    if [ -z "$changed" ]; then
        say "all files are in place already; would open the firewall if needed and make sure that both services run"
    else
        say "would back up and replace:$changed"
        for file in $changed; do is_bundled "$file" || say "would remove $file"; done
        say "would open TCP port $port and VRRP from the other LB servers in the firewall, enable haproxy and" \
            "keepalived, and restart the services whose files changed"
    fi
}

install_here() {
    undo_unfinished
    find_host
    say "this server is $name ($address on $nic)"
    check_bundle
    check_nic
    check_port "$port"
    [ -z "$monitor_port" ] || check_port "$monitor_port"
    check_vip
    services=$(note_services)
    install_packages
    fit_keepalived
    check_files
    find_changed
    if [ "$action" = dry-run ]; then
        say_what_would_be_done
        return
    fi
    if [ -z "$changed" ]; then
        say "all files are in place already"
    else
        back_up
        put_files
    fi
    open_firewall
    allow_in_selinux
    start_services
    report_holder
    keep_backup
}

# The current files are kept too: they may have been edited by hand.
uninstall() {
    newest=$unfinished
    [ -d "$newest" ] || newest=$(newest_backup)
    [ -n "$newest" ] || fail "there is no backup in $backups"
    if [ ! -d "$newest/uninstalled" ]; then
        rm -rf "$newest/uninstalling"
        { mkdir "$newest/uninstalling" && copy_files "$newest/uninstalling"; } ||
            fail "cannot keep a copy of the files in $newest; nothing was restored"
        mv "$newest/uninstalling" "$newest/uninstalled"
    fi
    restore_files "$newest" || fail "cannot restore all files of $newest; run this again"
    restore_services "$(cat "$newest/services")"
    restored=$backups/restored-${newest##*/}
    [ ! -e "$restored" ] || restored=$restored-$(date +%Y%m%d-%H%M%S)
    mv "$newest" "$restored"
    say "restored the files and services of $newest; packages, firewall rules and SELinux settings stay"
}

# Must not be interrupted: not by a second Ctrl-C, and not by a closed output.
finish() {
    status=$?
    trap '' HUP INT PIPE TERM
    trap - EXIT
    set +e
    [ "$locked" = no ] || rm -rf "$backups/new"
    if [ "$locked" = yes ] && [ "$action" = install ] && [ -d "$unfinished" ]; then
        if restore_files "$unfinished"; then
            before=$(cat "$unfinished/services")
            # New packages start services too.
            if [ "$services_touched" = yes ] || [ "$(note_services)" != "$before" ]; then restore_services "$before"; fi
            rm -rf "$unfinished"
            printf 'error: the installation failed; the previous files were restored\n' >&2
        else
            printf 'error: the installation failed, and not all files could be restored: they are in %s\n' \
                "$unfinished" >&2
        fi
    elif [ "$locked" = yes ] && [ "$status" -ne 0 ] && [ -n "$services" ] && [ "$(note_services)" != "$services" ]; then
        # New packages start services that did not run before, even if the installation failed.
        restore_services "$services"
    fi
    [ -z "$fitted" ] || rm -rf "$fitted"
    if [ "$locked" = yes ]; then
        rmdir "$backups" 2>/dev/null
        rm -f "$lock"
    fi
    exit "$status"
}

trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM

parse_arguments "$@"
check_system
[ "$action" = dry-run ] || take_lock
case $action in
uninstall) uninstall ;;
*) install_here ;;
esac

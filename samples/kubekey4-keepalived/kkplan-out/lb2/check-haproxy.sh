#!/bin/bash
# Checks whether this server can hold the VIP: its NIC has its own IP address, and HAProxy answers. Keepalived runs this
# every second, and releases the VIP if the check fails.
# "check-haproxy.sh --wait" waits for the address; systemd runs it before Keepalived.
# Made by kkplan; differs from server to server. Goes to /etc/keepalived/check-haproxy.sh. Exit status: 0 yes, 1 no.
# Needs only bash (/dev/tcp), not curl or killall: if one were missing, failover would silently stop working.

nic=eth0
address=172.16.0.3
# The Keepalived process that last ran this, and the index of the NIC that had the address then.
seen=/run/kkplan-nic

PATH=$PATH:/usr/sbin:/sbin
trap '' PIPE

# The index of the NIC if it has the address, else nothing. An IPv6 address counts after its check for duplicates.
nic_index() {
    local line
    line=$(ip -o addr show dev "$nic" to "$address" -tentative)
    printf '%s' "${line%%:*}"
}

# Keepalived binds its sockets to the address and NIC that exist when it starts. It does not replace them when the
# address comes later, nor when the NIC is removed and created again: it then stays BACKUP and receives nothing (2.2.7).
# Its VRRP process is the parent of this script. Keepalived restarts a killed one at once; in that state, it ignores
# SIGTERM. The VIP is not here then: the address was missing in the last run, or the VIP was removed with the NIC.
restart_on_new_nic() {
    local last=
    [[ $(<"/proc/$PPID/comm") == keepalived* ]] || return
    read -r last <"$seen"
    [[ $last != "$PPID ${1:-none}" ]] || return
    echo "$PPID ${1:-none}" >"$seen"
    [[ -z $1 || $last != "$PPID "* ]] || kill -KILL "$PPID"
}

has_address() {
    local index
    index=$(nic_index)
    restart_on_new_nic "$index"
    [[ $index ]]
}

wait_for_address() {
    [[ $(nic_index) ]] && return
    echo "waiting for the address $address on $nic"
    until [[ $(nic_index) ]]; do sleep 0.2; done
}

alive() {
    local status=
    exec 3<>/dev/tcp/127.0.0.1/8404 || return 1
    printf 'GET /alive HTTP/1.0\r\n\r\n' >&3
    read -r -t 0.8 status <&3
    exec 3>&-
    [[ $status == HTTP/*' 200 '* ]]
}

if [[ ${1-} == --wait ]]; then
    wait_for_address 2>/dev/null
    exit
fi
# The second try is for a restart of HAProxy, during which it does not listen for a moment.
# A hung HAProxy has taken the whole second by then, and Keepalived kills this script.
{ has_address && { alive || { sleep 0.1 && alive; }; }; } 2>/dev/null

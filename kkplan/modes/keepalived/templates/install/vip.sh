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

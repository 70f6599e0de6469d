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

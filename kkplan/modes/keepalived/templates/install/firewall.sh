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

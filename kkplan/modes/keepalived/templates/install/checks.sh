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

# --- Packages ---

# Sets `missing`: packages have the names of their programs.
find_missing() {
    missing=
    for program in haproxy keepalived bash; do
        has "$program" || missing="$missing $program"
    done
}

# Without questions, so existing config files are kept. A new server may be updating itself, so wait for the lock.
apt_install() {
    apt-get update || warn "apt-get update failed; continuing with the existing lists"
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get install -y -o DPkg::Lock::Timeout=120 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
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

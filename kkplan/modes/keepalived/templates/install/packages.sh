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

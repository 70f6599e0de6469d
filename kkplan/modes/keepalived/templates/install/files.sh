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

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

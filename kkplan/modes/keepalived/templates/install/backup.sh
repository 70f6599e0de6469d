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

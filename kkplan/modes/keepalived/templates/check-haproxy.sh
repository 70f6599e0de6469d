#!/bin/bash
# Does this server's HAProxy answer? Keepalived runs this every second and gives the VIP up when the answer is no.
# Made by kkplan. Goes to /etc/keepalived/check-haproxy.sh. Exit status: 0 yes, 1 no.
# Needs bash for /dev/tcp, and no curl or killall: a missing one would end failover without a word.

trap '' PIPE

alive() {
    local status=
    exec 3<>/dev/tcp/127.0.0.1/@@monitor_port || return 1
    printf 'GET /alive HTTP/1.0\r\n\r\n' >&3
    read -r -t 0.8 status <&3
    exec 3>&-
    [[ $status == HTTP/*' 200 '* ]]
}

# The second try is for a restart of HAProxy, during which nobody listens for a moment.
# One that hangs has taken the whole second by then, and Keepalived ends this script.
{ alive || { sleep 0.1 && alive; }; } 2>/dev/null

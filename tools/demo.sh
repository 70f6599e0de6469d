#!/bin/sh
# What a new user should see first, in 40 lines: a Keepalived pair for a real-looking config, planned, applied and
# rehearsed. Cuts kkplan's reports by their form, never by their words, which follow the user's language.
set -eu
program=$1
kkplan=$(cd "$(dirname "$program")" && pwd)/kkplan
rm -rf demo
mkdir demo
cp samples/keepalived/config-sample.yaml demo/
cd demo
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

cat <<'LINES'
$ kkplan plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 \
      --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0 --out ha.plan
LINES
"$kkplan" plan config-sample.yaml --mode keepalived --address 172.16.0.10/24 \
    --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0 --out ha.plan >plan.txt 2>plan.log
# The effective endpoint, the planned request path, the changed lines of the config, and the summary.
awk -v RS= '
    /^--- [^\n]*\n\+\+\+ / { diff = diff == "" ? $0 : diff }
    NR == 1 { print $0 "\n" }
    NR > 1 && /\n *[^\n]*-> / { path = $0 "\n" }
    END {
        if (path != "") print path
        count = split(diff, lines, "\n")
        for (n = 1; n <= count; n++) if (lines[n] ~ /^[-+]/) print lines[n]
    }' plan.txt
tail -n 1 plan.txt

printf '\n$ kkplan apply ha.plan --yes\n'
"$kkplan" apply ha.plan --yes >apply.txt 2>apply.log
# What was written, without the next steps.
awk 'NR == FNR { summary = $0; next } shown && !NF { exit } shown; $0 == summary { shown = 1 }' plan.txt apply.txt

finish() {
    echo "Your own cluster: $program wizard /path/to/config-sample.yaml"
    exit "$1"
}

again="sudo $program rehearse demo/kkplan-out"
printf '\n'
if [ "$(id -u)" != 0 ] || ! command -v haproxy >/dev/null || ! command -v keepalived >/dev/null; then
    echo "Next: see the pair fail over on this machine, with the real HAProxy and Keepalived:"
    echo "    sudo apt install haproxy keepalived"
    echo "    $again --scenario haproxy-stopped"
    finish 0
fi
echo "# kkplan rehearse kkplan-out --scenario haproxy-stopped        # about 15 seconds"
status=0
"$kkplan" rehearse kkplan-out --scenario haproxy-stopped >rehearse.txt 2>rehearse.log || status=$?
if ! grep -q '━' rehearse.txt; then
    cat rehearse.log
    echo "This machine allows no network namespaces. Elsewhere: $again"
    finish 0
fi
# The last step with a timeline, and the verdict.
awk '
    { lines[NR] = $0 }
    /^[^ ]/ { step = NR }
    / 0s( |$)/ { first = step }
    END {
        print lines[first]
        for (n = first + 1; lines[n] ~ /^ /; n++) print lines[n]
        print lines[NR]
    }' rehearse.txt
echo "All failures, in about two minutes: $again"
finish $status

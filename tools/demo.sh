#!/bin/sh
# The main job on a copy of a real-looking config: a Keepalived pair before three control planes.
set -eu
kkplan=$(cd "$(dirname "$1")" && pwd)/kkplan
rm -rf demo
mkdir demo
cp samples/keepalived/config-sample.yaml demo/
cd demo
set -- config-sample.yaml --mode keepalived --address 172.16.0.10/24 --lb lb1=172.16.0.2,nic=eth0 --lb lb2=172.16.0.3,nic=eth0
echo "\$ kkplan apply $* --yes"
"$kkplan" apply "$@" --yes >apply.txt
sed -n '/^+++ kkplan-out/q;p' apply.txt | sed '/^--- \/dev\/null/d'
tail -n 12 apply.txt | sed -n '/^Findings/,$p'
echo
echo "\$ kkplan plan $*        # a second time: nothing left to do"
"$kkplan" plan "$@" | tail -n 1
echo
echo "The result is in demo/: the config, its backup and kkplan-out/. Begin with demo/kkplan-out/README.md"

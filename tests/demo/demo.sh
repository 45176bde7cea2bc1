#!/usr/bin/env bash
# The README's round trip, shown and ended by itself: a PhoneStatus event arrives at a listener whose
# XQuery asks for it and does not arrive at one that asks for NodeStatus.
#   demo.sh BIN_DIR
set -eu
bin=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

fail() {
  echo "demo: $1" >&2
  for log in "$work"/*.log; do
    echo "--- $(basename "$log")" >&2
    cat "$log" >&2
  done
  exit 1
}

# until_true WHAT COMMAND…: tries for up to 30 seconds.
until_true() {
  local what=$1 tries=0
  shift
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || fail "$what did not happen within 30 seconds"
    sleep 0.1
  done
}

cat >"$work/agent.conf" <<CONF
[amqp]
url = amqp://127.0.0.1:0
[agent]
events = $root/data/events
state-directory = $work/state
[acl]
file = $root/config/quickstart.acl
[quickstart]
user = admin
password = secret
CONF

echo "\$ clacks-agent"
"$bin/clacks-agent" --config "$work/agent.conf" >"$work/agent.log" 2>&1 &
agent=$!
pids+=("$agent")
port() { sed -n 's|.*amqp://127\.0\.0\.1:\([0-9][0-9]*\).*|\1|p' "$work/agent.log" | head -n 1; }
started() {
  kill -0 "$agent" 2>/dev/null || fail "the agent ended"
  grep -qs ready "$work/agent.log" && [ -n "$(port)" ]
}
until_true "the agent's start" started
export CLACKS_URL="amqp://admin:secret@127.0.0.1:$(port)/org.clacks"

# listen NAME XQUERY: in the background, waits until the filter is in force.
listen() {
  echo
  echo "\$ clacks listen --xquery \"$2\""
  "$bin/clacks" listen --xquery "$2" >"$work/$1.out" 2>"$work/$1.log" &
  pids+=($!)
  until_true "the subscription for $1" grep -qs listening "$work/$1.log"
}
listen PhoneStatus "declare namespace f='http://www.gonicus.de/Events'; let \$e := ./f:Event return \$e/f:PhoneStatus"
listen NodeStatus "declare namespace f='http://www.gonicus.de/Events'; let \$e := ./f:Event return \$e/f:NodeStatus"

send() {
  echo
  echo "\$ clacks send $*"
  "$bin/clacks" send "$@"
}
send PhoneStatus CallerId=012345 ReceiverId=12343424 Status=busy
until_true "the event's arrival" grep -qs PhoneStatus "$work/PhoneStatus.out"
# A NodeStatus after it shows that the other listener is alive and was passed by, not just slow.
send NodeStatus Id=demo Load=0.1 Latency=0 Workers=1
until_true "the NodeStatus event's arrival" grep -q '<Id>demo</Id>' "$work/NodeStatus.out"

echo
echo "The listener for PhoneStatus got:"
cat "$work/PhoneStatus.out"
[ "$(grep -c '<PhoneStatus>' "$work/PhoneStatus.out")" = 1 ] || fail "the listener for PhoneStatus did not get exactly one"
! grep -q NodeStatus "$work/PhoneStatus.out" || fail "the listener for PhoneStatus got a NodeStatus"
! grep -qs PhoneStatus "$work/NodeStatus.out" || fail "the listener for NodeStatus got the PhoneStatus"
echo
echo "The listener for NodeStatus did not get it."
kill -TERM "$agent"
wait "$agent" || fail "the agent did not stop with exit status 0"

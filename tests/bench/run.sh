#!/usr/bin/env bash
# Runs every benchmark and writes a table with ratios.
#   run.sh BIN_DIR [BENCHMARK_OPTION…]
# Each program checks its answers before it times. Compare rows of one run only: machines are noisy.
set -eu
bin=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
shift
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for program in "$bin"/../bench/*; do
  [ -f "$program" ] && [ -x "$program" ] || continue
  name=$(basename "$program")
  echo "running $name" >&2
  "$program" --benchmark_out="$out/$name.json" --benchmark_out_format=json "$@" >/dev/null
done
/usr/bin/python3 "$here/table.py" "$out"/*.json

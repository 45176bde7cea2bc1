#!/usr/bin/env bash
# Runs every benchmark and writes one table with ratios.
#   run.sh BIN_DIR [OPTION…]     the options are Google Benchmark's, for the programs that use it
# Each program checks its answers before it times; one that ends with 77 cannot run here, and says why. Compare rows
# of one run only: machines are noisy.
set -eu
bin=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
shift
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export CLACKS_BIN=$bin CLACKS_SOURCE=$here/../.. PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH=$here/../support:$CLACKS_SOURCE/common/python
echo "running bus" >&2
/usr/bin/python3 "$here/bus/bus_bench.py" --out "$out/bus.json"
echo "running crowd" >&2
/usr/bin/python3 "$here/bus/crowd_bench.py" --out "$out/crowd.json"
echo "running python_client" >&2
/usr/bin/python3 "$here/python_client.py" --out "$out/python_client.json" >&2
echo "running xquery_engines" >&2
/usr/bin/python3 "$here/xquery_engines.py" --out "$out/xquery_engines.json" >&2 || [ $? -eq 77 ]
for program in "$bin"/../bench/*; do
  [ -f "$program" ] && [ -x "$program" ] || continue
  name=$(basename "$program")
  echo "running $name" >&2
  "$program" --benchmark_out="$out/$name.json" --benchmark_out_format=json "$@" >/dev/null || [ $? -eq 77 ]
done
/usr/bin/python3 "$here/table.py" "$out"/*.json

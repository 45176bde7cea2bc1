#!/bin/sh
# run.sh FOLDER SECONDS [NAME…]: every fuzzer, or those named, one after the other, for as many seconds each. What is
# found stays in FOLDER/found; new inputs that reach more stay in FOLDER/corpus/NAME, for the next run. Fails after the
# last one if any found something.
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 seconds=$2
shift 2
[ $# -gt 0 ] || set -- $(find "$folder" -maxdepth 1 -type f -perm -u+x -printf '%f\n' | sort)
mkdir -p "$folder/found"
failed=
for name in "$@"; do
  mkdir -p "$folder/corpus/$name"
  dictionary=$here/dictionaries/$name.dict
  [ -e "$dictionary" ] || case $name in xquery_*) dictionary=$here/dictionaries/xquery.dict ;; esac
  seeds=$here/corpus/$name
  echo "$name: $seconds s, told in $folder/$name.log"
  nice "$folder/$name" -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$folder/found/$name-" $([ -e "$dictionary" ] && echo "-dict=$dictionary") \
    "$folder/corpus/$name" $([ -d "$seeds" ] && echo "$seeds") >"$folder/$name.log" 2>&1 || failed="$failed $name"
  grep 'number_of_executed_units' "$folder/$name.log"
done
[ -z "$failed" ] || { echo "found something:$failed; see $folder/found and the logs" >&2; exit 1; }

#!/bin/sh
# Adds one line to the run's file. A step may be attempted again when its worker dies: the key, which
# is the same in every attempt, tells whether the line is there already.
set -eu
call=$(cat)
field() { printf '%s' "$call" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }
key=$(field idempotency_key)
file="reports/count-$(field run_id).txt"

mkdir -p reports
sleep 1
touch "$file"
grep -qxF "$key" "$file" || echo "$key" >>"$file"
echo "{\"lines\": $(($(wc -l <"$file")))}"

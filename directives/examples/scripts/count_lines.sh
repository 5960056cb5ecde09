#!/bin/sh
# The number of lines of one of the run's files.
set -eu
. "$MISSION_SDK"
file=$(mission_field file "$(cat)")
mission_log info "counting $file"
echo "{\"lines\": $(wc -l <"$MISSION_ARTIFACTS_DIR/$file"), \"left\": $(ls "$MISSION_ARTIFACTS_DIR" | wc -l)}"

# Bash reads this file before a script (BASH_ENV). It reports on descriptor 4
# which command failed last and on which line; for a function this is the line
# of its call. A script's own traps for ERR and EXIT replace these.
unset BASH_ENV

mission_failed_command() {
  if [ "$1" -ne 0 ] && [ "$2" -gt 0 ]; then
    local text=${3//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//[[:cntrl:]]/ }
    printf '{"failed": [%d, %d, "%s"]}\n' "$1" "$2" "$text${4:+ (in $4)}" >&4
  fi
} 2>/dev/null

trap 'mission_failed_command "$?" "$LINENO" "$BASH_COMMAND" "${FUNCNAME[0]-}"' ERR
trap 'mission_failed_command "$?" "${BASH_LINENO[0]-0}" "$BASH_COMMAND" "${FUNCNAME[0]-}"' EXIT

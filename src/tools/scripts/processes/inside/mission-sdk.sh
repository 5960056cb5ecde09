# For shell scripts: `. "$MISSION_SDK"`. Needs nothing but a POSIX shell, sed, tr and base64.
#
#   mission_log LEVEL MESSAGE            a log entry (debug, info, warn, error)
#   mission_progress DONE [TOTAL] [TEXT] how far the step is
#   mission_heartbeat                    a sign of life
#   mission_secret NAME                  prints a secret that the directive's permissions name
#   mission_field NAME CALL              prints a text or number of the call that came on stdin:
#                                        call=$(cat); mission_field month "$call"

mission_json() {
  printf '"%s"' "$(printf %s "$1" | tr '\n\r\t' '   ' | sed 's/[\\"]/\\&/g')"
}

mission_log() {
  printf '{"log": [%s, %s]}\n' "$(mission_json "$1")" "$(mission_json "$2")" >&4
}

mission_progress() {
  printf '{"progress": [%s, %s, %s]}\n' "$1" "${2:-null}" "$(mission_json "${3:-}")" >&4
}

mission_heartbeat() {
  echo '{"heartbeat": true}' >&4
}

mission_secret() {
  printf '{"secret": [1, %s], "raw": true}\n' "$(mission_json "$1")" >&4
  read -r mission_answer <&3 || return 1
  case $mission_answer in
    +*) printf %s "${mission_answer#+}" | base64 -d ;;
    *)
      printf %s "${mission_answer#-}" | base64 -d >&2
      echo >&2
      return 1
      ;;
  esac
}

# The first field of that name counts, and the inputs stand first. A quote inside a text is escaped, so that no text
# looks like a name.
mission_field() {
  if [ $# -lt 2 ]; then
    echo 'mission_field needs the call: call=$(cat); mission_field NAME "$call"' >&2
    return 1
  fi
  mission_rest=${2#*"\"$1\":"}
  if [ "$mission_rest" = "$2" ]; then
    echo "mission_field: the call has no field \"$1\"" >&2
    return 0
  fi
  mission_rest=$(printf %s "$mission_rest" | tr '\n' ' ' | sed 's/^ *//')
  case $mission_rest in
    \"*) printf '%b\n' "$(printf %s "$mission_rest" | sed -E 's/^"(([^"\\]|\\.)*)".*/\1/; s/\\"/"/g')" ;;
    *) printf '%s\n' "$mission_rest" | sed 's/[],} ].*//' ;;
  esac
}

# For shell scripts: `. "$MISSION_SDK"`. Needs nothing but a POSIX shell, sed, tr and base64.
#
#   mission_log LEVEL MESSAGE            a log entry (debug, info, warn, error)
#   mission_progress DONE [TOTAL] [TEXT] how far the step is
#   mission_heartbeat                    a sign of life
#   mission_secret NAME                  prints a secret that the directive's permissions name
#   mission_field NAME CALL              prints a text or number of the call that came on stdin

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

mission_field() {
  printf %s "$2" | tr '\n' ' ' | sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p"
}

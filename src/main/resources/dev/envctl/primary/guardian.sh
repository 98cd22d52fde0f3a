# Arguments: primary.json, the primary's pid, and the command that removes what it left.
# Standard input: `owner PID START-TIME` lines, then `done` after an end in order. It ends without one when the primary is killed.
# All paths are absolute.
trap '' HUP INT
# The project may be deleted while it waits, and no JVM starts in a folder that is gone.
cd /
record=$1
primary=$2
shift 2
owners=
while IFS=' ' read -r word pid started; do
  case $word in
    owner) owners="$owners $pid@$started" ;;
    done) exit 0 ;;
  esac
done

# As KnownProcess tells it: the 20th column after the name in parentheses; a process that is not buried (Z) has ended.
runs() {
  { IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  started=$2
  # shellcheck disable=SC2086 # words on purpose
  set -- ${stat##*) }
  [ "$1" != Z ] && [ "${20}" = "$started" ]
}

# Who lets the environment stay: an owner who lives.
owned() {
  for owner in $owners; do
    ! runs "${owner%@*}" "${owner#*@}" || return 0
  done
  return 1
}

# Whether it is no longer this primary's: the next one writes its own pid, and a removal takes the file away but not the lock.
settled() {
  if [ -f "$record" ]; then ! grep -q "\"pid\":$primary," "$record" 2>/dev/null; else [ -f "${record%/*}/lock" ]; fi
}

while owned; do
  # Who deletes the whole folder deletes one of the two first.
  ! settled || { sleep 2 && settled && exit 0; }
  sleep 1
done
for again in 2 10 30 0; do
  "$@" && exit 0
  [ "$again" = 0 ] || sleep "$again"
done
exit 1

# Steps: progress lines, one cached result per content, locks, clean endings.
#
# A step is a function that fills the folder $OUT. Its key is made from its own
# text and from everything it was told it uses; a result is found again by key.

# say TEXT: a line for people and programs.
say() { printf '%s\n' "$*" >&2; }

# fail PROBLEM [REMEDY]
fail() {
    say "images: $1${2:+, perhaps you should $2}"
    exit 1
}

# content PATH...: what these files and folders hold, as one hash per file.
# Names are relative to the recipes, so the place of the checkout does not count.
content() {
    (cd "$RECIPES" && find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
}

hash_of() { sha256sum | cut -d ' ' -f 1; }

# step_path FUNCTION INPUT...: sets RESULT, the folder of this step's result.
step_path() {
    local function=$1
    RESULT=$STEPS/$function/$({ declare -f "$function"; printf '%s\n' "$ARCH" "${@:2}"; } | hash_of)
}

# step NUMBER TITLE SECONDS FUNCTION INPUT...: runs FUNCTION unless its result
# for these inputs is there. Prints the result's folder on stdout.
step() {
    local number="$NAME [$1/$TOTAL]" title=$2 seconds=$3 function=$4 started=$SECONDS
    shift 3
    step_path "$@"
    say "==> $number $title (about $seconds s)"
    mkdir -p "${RESULT%/*}"
    if [[ ! -d $RESULT ]]; then
        # The lock is the kernel's: it ends with its holder, however that ends.
        exec {lock}>"${RESULT%/*}/.lock"
        flock "$lock"
        if [[ ! -d $RESULT ]]; then
            # We hold the only right to build this step: older tries are dead.
            remove_tree "${RESULT%/*}"/.try.*
            OUT=${RESULT%/*}/.try.$BASHPID
            mkdir "$OUT"
            say "$(date -u +%T) $number $title" 2>>"$LOG"
            # Not in a condition: there bash would ignore errexit in the function.
            "$function" </dev/null >>"$LOG" 2>&1
            mv -T "$OUT" "$RESULT"
            flock -u "$lock"
            say "<== $number $((SECONDS - started)) s"
            printf '%s\n' "$RESULT"
            return
        fi
        flock -u "$lock"
    fi
    say "<== $number cached"
    printf '%s\n' "$RESULT"
}

# remove_tree PATH...: temporary roots; never follows what is mounted in them.
remove_tree() {
    local path
    for path in "$@"; do
        if [[ -e $path ]]; then rm -rf --one-file-system "$path"; fi
    done
}

# begin VARIABLE STEP-ARGUMENTS...: starts a step beside the others.
declare -A STARTED=()
begin() {
    step "${@:2}" >"$WORK/awaited/$1" &
    STARTED[$1]=$!
}

# await VARIABLE...: waits for started steps; each VARIABLE then holds the
# folder of its step's result.
await() {
    local variable
    for variable in "$@"; do
        wait "${STARTED[$variable]}" || give_up
        printf -v "$variable" %s "$(<"$WORK/awaited/$variable")"
    done
}

# give_up: a step failed; end those beside it, too. The caller explains.
give_up() {
    trap '' TERM
    kill -TERM 0
    wait
    exit 1
}

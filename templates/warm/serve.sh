# What a warm builder runs (src/builder/warm): one request after the other on stdin, each answered on stdout; what compilers say goes to
# stderr. Arguments: seconds without a request after which it ends, seconds that one may take, the number of words of the command, the
# command, and what is started once and compiles on each line that it reads, saying the exit code, where a language has such.
#
#   request   NONCE LENGTH SHA256 KEPT \n, and a tar of LENGTH bytes, which is put below /
#   answers   @NONCE ready \n at once; @NONCE CODE LENGTH \n, and a tar of the folder out, of LENGTH bytes
#   stderr    @NONCE begin \n, what the compiler says, \n @NONCE end \n
#
# Nothing of one request is there for the next but the folder KEPT, where that is no dash. One that breaks off, or a compiler that did not come to its end, ends the builder.
set -u
idle=$1 most=$2 count=$3
shift 3
command=("${@:1:count}")
kept=("${@:count+1}")
exec 3<&0 4>&1 </dev/null 1>&2
if ((${#kept[@]} > 0)); then
  coproc COMPILER { exec "${kept[@]}" 3<&- 4>&-; }
fi

clear_up() {
  find . /tmp -mindepth 1 -maxdepth 1 -user "$UID" ! -path "./$kept_folder" -exec rm -rf {} +
}

while read -r -t "$idle" -u 3 nonce length sum kept_folder; do
  printf '@%s ready\n' "$nonce" >&4
  clear_up
  timeout 60 head -c "$length" <&3 >/tmp/request.tar || exit 1
  [ "$(sha256sum </tmp/request.tar)" = "$sum  -" ] || exit 1
  tar -xf /tmp/request.tar -C / || exit 1
  printf '@%s begin\n' "$nonce" >&2
  if ((${#kept[@]} > 0)); then
    code=200
    if printf '\n' >&"${COMPILER[1]}"; then read -r -t "$most" -u "${COMPILER[0]}" code || code=200; fi
  else
    timeout -k 5 "$most" "${command[@]}" 3<&- 4>&-
    code=$?
  fi
  printf '\n@%s end\n' "$nonce" >&2
  size=0
  if ((code == 0)) && tar -cf /tmp/out.tar out; then size=$(stat -c %s /tmp/out.tar); fi
  printf '@%s %d %d\n' "$nonce" "$code" "$size" >&4
  if ((size > 0)); then cat /tmp/out.tar >&4; fi
  clear_up
  ((code < 2)) || exit 1
done

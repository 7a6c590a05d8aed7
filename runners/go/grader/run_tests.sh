# Runs the test programs at /tests, each in its package's folder, and leaves for each number in /out:
# <number>.txt (what it printed), <number>.cov (coverage), <number>.exit (its exit status). Ends with the last status that is not 0.
set -u
status=0
while IFS="$(printf '\t')" read -r package folder number; do
  cd "$folder" || exit 125
  "/tests/$number.test" -test.v=test2json -test.paniconexit0 -test.timeout=0 -test.coverprofile="/out/$number.cov" > "/out/$number.txt" 2>&1 < /dev/null
  code=$?
  # Output that fills the largest file allowed: the end that the signal for it would have made (in units of 512 bytes).
  most=$(ulimit -f)
  [ "$most" = unlimited ] || [ $(($(wc -c < "/out/$number.txt") / 512)) -lt "$most" ] || code=153
  echo "$code" > "/out/$number.exit"
  [ "$code" = 0 ] || status=$code
done < /tests/packages
exit $status

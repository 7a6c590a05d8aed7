# Compiles the packages of other modules that the project in the current folder uses, and leaves them in /env/compiled. Nothing of
# the answer is kept.
set -u
cp --no-preserve=mode /env/go.mod /env/go.sum .
go list -e -deps -test -f '{{if not .ForTest}}{{.Dir}}	{{.ImportPath}}{{end}}' ./... 2> /dev/null |
  sed -n 's|^/env/mod/[^	]*	||p' | grep -v ' ' > /tmp/packages
[ ! -s /tmp/packages ] || xargs go build < /tmp/packages > /dev/null 2>&1
cd /tmp/gocache || exit 0
find . -type f ! -name '*.txt' -exec cp --parents -t /env/compiled {} +
exit 0

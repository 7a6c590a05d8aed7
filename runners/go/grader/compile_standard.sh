# Compiles and analyses the standard library as answers' checks will, and leaves what came of it in /layer.
set -eu
mkdir -p /tmp/standard && cd /tmp/standard
printf 'module standard.invalid\n\ngo %s\n' "$1" > go.mod
{
  printf '// Package standard imports the standard library.\npackage standard\n\nimport (\n'
  go list -f '{{if .GoFiles}}{{.ImportPath}}{{end}}' std | grep -Ev '(^|/)(internal|vendor)(/|$)|^unsafe$' | sed 's/.*/\t_ "&"/'
  printf ')\n'
} > standard.go
printf 'package standard\n\nimport "testing"\n\nfunc TestNothing(t *testing.T) {}\n' > standard_test.go
go build ./...
go vet ./...
go test -c -covermode=atomic -coverpkg=./... -o /dev/null .
/tools/staticcheck ./... > /dev/null || true # its findings are of no interest
find /tmp/gocache -type f -name '*.txt' -delete
cp -r /tmp/gocache/. /layer/

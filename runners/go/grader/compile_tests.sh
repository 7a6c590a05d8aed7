# Compiles the tests of every package below the current folder, without running any code of it.
# Leaves /out/packages (import path, folder, number; tab-separated), /out/<number>.test, /out/collected: the test files in them,
# and /out/untested.cov: the coverage profile of the packages that have no test.
set -u
go list -e -f '{{$dir := .Dir}}{{range .TestGoFiles}}{{$dir}}/{{.}}
{{end}}{{range .XTestGoFiles}}{{$dir}}/{{.}}
{{end}}' ./... > /out/collected || true
go list -e -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}	{{.Dir}}{{end}}' ./... | grep . > /out/list || true
# Packages without a test count too: none of their statements ran, and none of their code is run to say so.
go list -e -f '{{if not (or .TestGoFiles .XTestGoFiles)}}{{if .GoFiles}}{{.ImportPath}}{{end}}{{end}}' ./... | grep . > /out/untested || true
[ ! -s /out/untested ] || xargs go test -covermode=atomic -coverprofile=/out/untested.cov < /out/untested > /dev/null 2>&1 || true
number=0
status=0
while IFS="$(printf '\t')" read -r package folder; do
  number=$((number + 1))
  if go test -c -covermode=atomic -coverpkg=./... -o "/out/$number.test" "$package"; then
    printf '%s\t%s\t%s\n' "$package" "$folder" "$number" >> /out/packages
  else
    status=1
  fi
done < /out/list
exit $status

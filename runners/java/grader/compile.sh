# Compiles a program into /out/main, and its tests into /out/test, with their resources.
# The request at /out/input has lines of a word and a value: `main` and `test` (source files), `mainpath` and `testpath`
# (class paths), `processors` (a class path of annotation processors), `option` (of javac), `resources` and
# `testresources` (folders), `filter` (a script for sed that fills in what resources refer to).
# Ends with 0 when all compiled, with 3 when the program does not, and with 4 when its tests do not.
set -u
request=/tmp/request
mv /out/input "$request"
values() { sed -n "s/^$1 //p" "$request"; }
value() { values "$1" | head -n 1; }
compile() { # WORD CLASSPATH TARGET
  values "$1" > "/tmp/$1.files"
  [ -s "/tmp/$1.files" ] || return 0
  sed 's/\\/\\\\/g; s/"/\\"/g; s/^/".\//; s/$/"/' "/tmp/$1.files" > "/tmp/$1.quoted"
  processors=$(value processors)
  if [ -n "$processors" ]; then processing="-processorpath $processors"; else processing=-proc:none; fi
  # shellcheck disable=SC2046,SC2086
  /jdk/bin/javac -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -J-Xmx1024m -encoding UTF-8 -g -parameters -Xlint:all,-processing,-path,-serial \
    -Xmaxerrs 200 -Xmaxwarns 200 $(values option) $processing -d "$3" -cp "$2" "@/tmp/$1.quoted" 2> "/out/$1.txt"
}
copy() { # FOLDER TARGET
  [ -d "$1" ] || return 0
  cp -R "$1/." "$2/"
  find "$2" -type l -delete
  filter=$(value filter)
  [ -z "$filter" ] || find "$2" -maxdepth 2 -name 'application*' \( -name '*.yml' -o -name '*.yaml' -o -name '*.properties' \) \
    -exec sed -i "$filter" {} +
}
mkdir -p /out/main /out/test
compile main "$(value mainpath)" /out/main || exit 3
copy "$(value resources)" /out/main
compile test "/out/main:$(value testpath)" /out/test || exit 4
copy "$(value testresources)" /out/test
chmod -R a+rX /out/main /out/test

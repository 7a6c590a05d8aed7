# Becomes a program that compiles, with a cache of its own that begins with what was compiled before: links to files that nobody
# may write, so that nothing it does outlives it.
set -u
mkdir -p /tmp/gocache
for base in /compiled /env/compiled; do
  [ ! -d "$base" ] || cp -rs "$base/." /tmp/gocache/ 2> /dev/null
done
# The time of the last tidying, which Go writes when it ends.
date +%s > /tmp/gocache/trim.txt
exec "$@"

#!/bin/sh
# The program in docs/driver.md compiles against what `bitlet gen` writes, with the driver, for C and C++.
root=$(cd "$(dirname "$0")/../.." && pwd)
bitlet=${BITLET:-$root/build/bitlet}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
"$bitlet" gen tiny -o "$work/gen" || exit 2
sed -n '/^```c$/,/^```$/p' "$root/docs/driver.md" | grep -v '^```' >"$work/example.c"
echo 'int run(const char *, unsigned long, unsigned); int main(void) { return run("/nonexistent", 0, 0); }' >"$work/main.c"
count=0
check() {
	count=$((count + 1))
	name=$1
	shift
	if "$@" >"$work/log" 2>&1; then echo "ok $count - $name"; else cat "$work/log"; echo "not ok $count - $name"; fi
}
check "the page has a program" test -s "$work/example.c"
check "it compiles and links" cc -std=c11 -Wall -Wextra -Wconversion -Werror -I"$work/gen" -I"$work/gen/driver" "$work/example.c" "$work/gen/driver/bitlet_driver.c" \
	"$work/main.c" -o "$work/example"
"$work/example" >"$work/out" 2>&1
check "without a device it says so" grep -q '^/nonexistent: No such file' "$work/out"
echo '#include "bitlet_driver.h"' >"$work/header.cpp"
check "C++ takes the header" c++ -std=c++17 -Wall -Wextra -Werror -I"$work/gen" -I"$work/gen/driver" -fsyntax-only "$work/header.cpp"
cc -std=c11 -O2 -ffreestanding -I"$work/gen" -c "$work/gen/driver/bitlet_driver.c" -o "$work/driver.o"
check "the driver needs nothing of a C library" test -z "$(nm -u "$work/driver.o" | grep -v -w -e memset -e memcpy -e _GLOBAL_OFFSET_TABLE_)"
echo "1..$count"

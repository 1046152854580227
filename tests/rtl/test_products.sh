#!/bin/sh
# The dense engine's sums of products in both their forms: as synthesis reads them, in gates, and as simulators do. TAP.
. tests/tap_status.sh
bitlet=${BITLET:-build/bitlet}

"$bitlet" gen tests/rtl/odd/dense-fixed.yaml -o "$dir/gen" >"$dir/out" 2>"$dir/err"
report $? 'RTL is generated'
rtl=$dir/gen/rtl
sources="$rtl/product_block.v $rtl/word_compressor.v $rtl/compressor.v $rtl/booth_digits.v"

# finds PATTERN NAME OPTION...: what the bench prints with these options of iverilog
finds() {
	pattern=$1 name=$2
	shift 2
	# shellcheck disable=SC2086
	iverilog -g2005 -o "$dir/bench" -s product_bench "$@" tests/rtl/product_bench.v $sources >"$dir/out" 2>"$dir/err" &&
		vvp -n "$dir/bench" >"$dir/out" 2>>"$dir/err" && grep -q "$pattern" "$dir/out"
	report $? "$name"
}

for shape in '1 8 8 0' '4 4 5 0' '2 7 3 5' '3 5 6 16383' '2 2 5 1' '3 16 3 0'; do
	set -- $shape
	parameters="-Pproduct_bench.COUNT=$1 -Pproduct_bench.X_BITS=$2 -Pproduct_bench.Y_BITS=$3 -Pproduct_bench.OFFSET=$4"
	# shellcheck disable=SC2086
	finds '^0 faults' "$1 products of $2 and $3 bits and $4, for simulators" $parameters
	# shellcheck disable=SC2086
	finds '^0 faults' "the same in gates" -DSYNTHESIS -Pproduct_bench.VECTORS=100 $parameters
done

# plant MODULE EXPRESSION: its original comes back with the next one
plant() {
	cp "$dir"/whole/*.v "$rtl"
	sed -i "$2" "$rtl/$1.v"
	! cmp -s "$rtl/$1.v" "$dir/whole/$1.v"
	report $? "a fault is planted in $1"
}
cp -r "$rtl" "$dir/whole"
plant compressor 's/(x & y) | (either & z)/(x \& y)/'
finds '^[1-9]' 'and found in gates' -DSYNTHESIS
finds '^0 faults' 'which the form for simulators does without'
plant booth_digits 's/three\[2\] ^ negate/three[2]/'
finds '^[1-9]' 'and found' -DSYNTHESIS
plant product_block 's/factor ^/~factor ^/'
finds '^[1-9]' 'and found in the form for simulators'
echo "1..$count"

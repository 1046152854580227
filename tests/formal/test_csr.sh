#!/bin/sh
# csr.v keeps the rules of AXI4-Lite and its promises (csr_proof.v), and bugs planted in it are found. Prints TAP.
# FORMAL=full: a longer second opinion by yosys-smtbmc and z3. BITLET names the program, build/bitlet without.
root=$(cd "$(dirname "$0")/../.." && pwd)
bitlet=${BITLET:-$root/build/bitlet}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
"$bitlet" gen "$root/gen/presets/tiny.yaml" -o "$work/gen" || exit 2
export GENERATED="$work/gen/rtl"
depth=8
if [ "$FORMAL" = full ]; then depth=20; fi
count=0

# expect RESULT NAME OPTION...: one TAP line about what `prove` says of csr_proof
expect() {
	count=$((count + 1))
	want=$1 name=$2
	shift 2
	got=$("$root/tests/formal/prove" "$@" csr_proof)
	case $got in
	$want*) echo "ok $count - $name" ;;
	*) echo "not ok $count - $name: $got" ;;
	esac
}

expect proved "csr: in all cycles" pdr
expect holds "csr: in the first $depth cycles, says z3" smt=$depth
bug() { expect broken "csr: found: $1" -b "$2" bmc=12; } # NAME FILE:SED
bug "a write before the last answer is taken" 'axil_port.v:s/assign write = aw_q & w_q & ~bvalid_q/assign write = aw_q \& w_q/'
bug "an answer that is not held" 'axil_port.v:s/bvalid_q ? ~s_axil_bready : write/write/'
bug "a write that waits for bready" 'axil_port.v:s/assign write = aw_q & w_q/assign write = s_axil_bready \& aw_q \& w_q/'
bug "an address that is not held" 'axil_port.v:s/if (~ar_q)/if (1)/'
bug "valid behind reset" 'axil_port.v:s/rvalid_q <= 1.b0/rvalid_q <= 1'"'"'b1/'
bug "start while busy" 'csr.v:s/start_d = control_start & idle/start_d = control_start/'
bug "abort while idle" 'csr.v:s/abort_q <= control_abort & ~idle/abort_q <= control_abort/'
bug "strobes that do not count" 'csr.v:s/ones = write_data & write_mask/ones = write_data/'
bug "a register with two addresses" "csr.v:s/write_word == 10'd25/write_word[8:0] == 9'd25/"
echo "1..$count"

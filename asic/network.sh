# The network whose layers give power its activity; sourced, behind scripts/flow.sh. The caller sets network, inputs (a line each) and layer from its options
# -n, -i and -l; all empty: the shipped network.
newline='
'

# find_network: checks the files and fills in the shipped network's; chosen: empty when the user has asked for nothing
find_network() {
	chosen=$network$layer
	[ -z "$inputs" ] || [ "$network" ] || die 2 "input ${inputs%"$newline"} without a network; expected -n MODEL (make asic NETWORK=MODEL)"
	[ -z "$network" ] || [ "$inputs" ] || die 2 "$network without its input; expected -i FILE, .npy or picture (make asic INPUT=FILE)"
	network=${network:-sim/networks/digits/digits_fp32.onnx} inputs=${inputs:-sim/networks/digits/images.npy}
	[ -r "$network" ] || die 2 "$network: cannot be read; expected a network, ONNX or TFLite"
	set -f
	IFS=$newline
	for file in $inputs; do
		[ -r "$file" ] || [ -r "${file#*=}" ] || die 2 "${file#*=}: cannot be read; expected the network's input, .npy or picture"
	done
	unset IFS
	set +f
}

# with_network OPTION_N OPTION_I OPTION_L COMMAND...: runs it with these options behind its own: which layers of which network
with_network() {
	option_n=$1 option_i=$2 option_l=$3
	shift 3
	set -- "$@" "$option_n" "$network"
	set -f
	IFS=$newline
	for file in $inputs; do
		set -- "$@" "$option_i" "$file"
	done
	unset IFS
	set +f
	[ -z "$layer" ] || set -- "$@" "$option_l" "$layer"
	"$@"
}

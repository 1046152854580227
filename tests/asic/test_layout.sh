#!/bin/sh
# asic/layout: its messages, what it makes of qflow's results (a stand-in of qflow leaves them), and its figures of a small DEF. TAP.
# The real tools are no dependency of the tests: `make layout` runs them.
. tests/tap_status.sh
export BITLET="${BITLET:-${BITLET_BUILD:-build}/bitlet}" BITLET_BUILD="$dir/build"
layout=asic/layout

# Stand-ins: qflow leaves what a good run leaves in place of each step, then sources $SPOIL, which spoils it.
mkdir "$dir/bin"
for tool in graywolf qrouter magic netgen-lvs; do
	printf '#!/bin/sh\nexit 1\n' >"$dir/bin/$tool"
done
cat >"$dir/bin/klayout" <<'END'
#!/bin/sh
for word; do
	case $word in gds=* | png=*) echo drawn >"${word#*=}" ;; esac
done
END
cat >"$dir/bin/qflow" <<'END'
#!/bin/sh
step=$1 top=$4
case $step in
synthesize) [ -s "source/$top.v" ] && grep -q 0.6 project_vars.sh && echo netlist >"synthesis/$top.blif" ;;
place) echo pins >"layout/$top.pin" ;;
sta) echo 'Computed maximum clock frequency (zero margin) = 200 MHz' >log/sta.log ;;
route) cp "$ROUTED" "layout/$top.def"; echo 'Final: No failed routes!' >log/route.log ;;
backanno) echo 'Computed maximum clock frequency (zero margin) = 123.5 MHz' >log/post_sta.log ;;
migrate) echo spice >"layout/$top.spice"; printf 'use A A_1\nuse DFFPOSX1 D_1\nuse FILL F_1\n' >"layout/$top.mag" ;;
drc) echo 'drc = 0' >log/drc.log ;;
lvs) printf 'Circuits match uniquely.\n' >layout/comp.out; echo 'Total errors = 0' >log/lvs.log ;;
esac
good=$?
eval "$SPOIL"
exit $good
END
chmod +x "$dir"/bin/*
cat >"$dir/routed.def" <<'END'
VERSION 5.6 ;
UNITS DISTANCE MICRONS 100 ;
DIEAREA ( 0 0 ) ( 4000 2000 ) ;
COMPONENTS 3 ;
- A_1 NAND2X1 + PLACED ( 0 0 ) N ;
- D_1 DFFPOSX1 + PLACED ( 240 0 ) N ;
- FILL_1 FILL + PLACED ( 480 0 ) N ;
END COMPONENTS
PINS 5 ;
- vdd + NET vdd
  + LAYER metal6 ( -80 -40 ) ( 80 40 )
  + PLACED ( 432 0 ) N ;
- a + NET a
  + LAYER metal3 ( -15 -15 ) ( 15 15 )
  + PLACED ( 10 1000 ) N ;
- b + NET b
  + LAYER metal3 ( -15 -15 ) ( 15 15 )
  + PLACED ( 3990 1000 ) N ;
- c + NET c
  + LAYER metal2 ( -15 -15 ) ( 15 15 )
  + PLACED ( 1000 10 ) N ;
- d + NET d
  + LAYER metal2 ( -15 -15 ) ( 15 15 )
  + PLACED ( 1000 1990 ) N ;
END PINS
NETS 2 ;
- a
  ( PIN a )
  ( A_1 A )
+ ROUTED metal1 ( 10 1000 ) M2_M1
  NEW metal2 ( 10 1000 ) ( * 1300 ) ( 110 * ) M3_M2
- b
  ( PIN b )
+ ROUTED metal3 ( 3990 1000 ) ( 2990 * ) ;
END NETS
SPECIALNETS 1 ;
- vdd
+ ROUTED metal1 40 ( 0 0 ) ( 4000 * ) ;
END SPECIALNETS
END DESIGN
END

# the figures and the pins
awk -f asic/def_figures.awk "$dir/routed.def" >"$dir/out" 2>"$dir/err"
[ "$(cat "$dir/out")" = 'cells=2 registers=1 fillers=1 nets=2 vias=2 die_um2=800 wire_mm=0.01' ]
report $? 'cells, area, vias and wires: 3 + 1 + 10 um of wire'
sed 's/( 2990 \* )/( 2990 1200 )/' "$dir/routed.def" >"$dir/slant.def"
ends 1 'a slanting wire' 'slant.def:34: a wire that is not straight' awk -f asic/def_figures.awk "$dir/slant.def"
sed '/ROUTED/d;/NEW/d' "$dir/routed.def" >"$dir/bare.def"
ends 1 'a layout without wires' 'no routed layout' awk -f asic/def_figures.awk "$dir/bare.def"
awk -f asic/def_pins.awk "$dir/routed.def" >"$dir/pins.def" 2>"$dir/err"
diff "$dir/routed.def" "$dir/pins.def" | sed -n 's/^> *+ LAYER //p' >"$dir/out"
[ "$(tr '\n' ';' <"$dir/out")" = 'metal3 ( -40 -15 ) ( 15 15 );metal3 ( -15 -15 ) ( 40 15 );metal2 ( -15 -40 ) ( 15 15 );metal2 ( -15 -15 ) ( 15 40 );' ]
report $? 'pins stick out on each side; power pins are as before'

# what is asked for
ends 2 'no configuration' 'usage:' $layout
ends 2 'unknown option' 'usage:' $layout -x tiny
for bad in 0 1 1.5 0.0 0.05 full .7; do
	ends 2 "density $bad" "-d $bad: expected a density" $layout -d $bad tiny
done
ends 2 'no number of groups' '-g many: expected a number of groups' $layout -g many tiny
ends 2 'no number of minutes' '-l 0: expected a number of minutes' $layout -l 0 tiny
mkdir "$dir/none"
for tool in sh dirname; do
	ln -s "$(command -v $tool)" "$dir/none/$tool"
done
ends 2 'qflow is missing' "qflow is not installed; Debian's package qflow has it" env PATH="$dir/none" $layout tiny
cp "$dir/bin/qflow" "$dir/bin/graywolf" "$dir/none"
ends 2 'the router is missing' "qrouter is not installed; Debian's package qrouter has it" env PATH="$dir/none" $layout tiny

# what qflow leaves
export PATH="$dir/bin:$PATH" ROUTED="$dir/routed.def" SPOIL=:
flow=$dir/build/tiny/layout
# spoilt NAME MESSAGE COMMANDS: exit status 1 after COMMANDS at the end of each step ($step, $top, $good)
spoilt() {
	SPOIL=$3 ends 1 "$1" "$2" $layout -t delay -g 0 -d 0.6 tiny
}
ends 2 'unknown configuration' 'nowhere' $layout nowhere.yaml
ends 2 'unknown module' 'no module bitlet; it has:' $layout -t bitlet -d 0.6 tiny
ends 0 'a clean layout' 'asic/layout: lvs' $layout -t delay -g 0 -d 0.6 tiny
tr -d ' \n' <"$flow/summary.json" | sed 's/"seconds":[0-9]*/"seconds":N/' >"$dir/out"
[ "$(cat "$dir/out")" = '{"top":"delay","library":"osu018_stdcells","density":0.6,"cells":2,"registers":1,"fillers":1,"nets":2,"die_um2":800,"wire_mm":0.01,"vias":2,"fmax_mhz":123.5,"drc_errors":0,"lvs_errors":0,"vector_groups":0,"vector_mismatches":0,"seconds":N}' ]
report $? 'its summary'
[ -s "$flow/delay.gds" ] && [ -s "$flow/delay.png" ] && cmp -s "$flow/qflow/layout/delay.def" "$dir/pins.def"
report $? 'its picture, GDS and pins'

spoilt 'DRC errors' '3 DRC errors, 0 LVS errors' '[ $step != drc ] || { echo "drc = 3" >log/drc.log; good=1; }'
grep -q '"drc_errors": 3' "$flow/summary.json"
report $? 'they are in the summary'
spoilt 'LVS errors' '0 DRC errors, 2 LVS errors' '[ $step != lvs ] || { echo "Total errors = 2" >log/lvs.log; good=1; }'
spoilt 'LVS without a match' 'no match either' '[ $step != lvs ] || echo "Netlists do not match." >layout/comp.out'
spoilt 'LVS that does not compare' 'netgen did not compare' '[ $step != lvs ] || echo "LVS failure" >log/lvs.log'
[ ! -e "$flow/summary.json" ]
report $? 'no summary is left of an earlier run'
spoilt 'DRC that counts nothing' 'magic counted no DRC errors' '[ $step != drc ] || echo "Premature exit." >log/drc.log'
spoilt 'DRC of an empty layout' "magic's layout holds 0 cells, the routed one 3" '[ $step != migrate ] || echo magic >layout/$top.mag'
spoilt 'DRC of no layout' "magic's layout holds no cells, the routed one 3" '[ $step != migrate ] || rm layout/$top.mag'
spoilt 'open nets' 'the router left nets open' '[ $step != route ] || echo "Final: Failed net routes: 2" >log/route.log'
spoilt 'a step that fails' 'qflow place failed' '[ $step != place ] || good=1'
spoilt 'a step that leaves nothing' 'qflow synthesize failed' '[ $step != synthesize ] || rm synthesis/*.blif'
spoilt 'no picture' 'klayout drew nothing' '[ $step != lvs ] || printf "#!/bin/sh\n" >"${0%qflow}klayout"'

# vectors for the netlist, by a stand-in of the program
cat >"$dir/bitlet" <<'END'
#!/bin/sh
[ "$1" = check ] || exec "$REAL" "$@"
eval "$CHECK"
END
chmod +x "$dir/bitlet"
export REAL="$BITLET" BITLET="$dir/bitlet"
# played STATUS NAME MESSAGE CHECK
played() {
	CHECK=$4 ends "$1" "$2" "$3" $layout -d 0.6 tiny
}
printf '#!/bin/sh\nfor word; do case $word in gds=* | png=*) echo drawn >"${word#*=}" ;; esac; done\n' >"$dir/bin/klayout"
played 0 'vectors agree' 'asic/layout: vectors' 'echo "x: RTL and model agree: 275 groups, 0 mismatches in values, 0 in flags, 0 in cycles"'
grep -q '"vector_groups": 275' "$flow/summary.json"
report $? 'their number is in the summary'
played 1 'vectors differ' '0 LVS errors, 4 mismatches of vectors' 'echo "x: MISMATCH: 275 groups, 4 mismatches in values, 0 in flags, 0 in cycles"; exit 1'
played 1 'vectors differ in flags alone' '0 LVS errors, 1 mismatches of vectors' 'echo "x: MISMATCH: 275 groups, 0 mismatches in values, 3 in flags, 0 in cycles"; exit 1'
played 1 'no simulation' "the netlist's simulation failed" 'echo "cannot be compiled"; exit 2'
printf '1..%s\n' $count

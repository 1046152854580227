# Runs a script of Design Compiler or Genus against stand-ins of the tool's commands.
#   tclsh tests/asic/stub.tcl dc|genus SCRIPT PORTS
# PORTS lists the design's ports, one a line. Unknown commands and options, options without values, missing files, unknown ports, and steps out of
# order end the run with "stub: ..." and status 3; otherwise the status is the script's. Prints each step that the script takes.
lassign $argv tool script ports_file
set channel [open $ports_file]
set ports [split [string trim [read $channel]] "\n"]
close $channel
set done {}

proc fail {message} {
	puts stderr "stub: $message"
	exit 3
}

# An argument that a kind of value takes: file (readable), new (in a directory that is there), dir, port, word.
proc check_value {command kind value} {
	switch $kind {
		file { foreach f $value { if {![file readable $f]} { fail "$command: no file $f" } } }
		new { if {![file isdirectory [file dirname $value]]} { fail "$command: no directory for $value" } }
		dir { if {![file isdirectory $value]} { fail "$command: no directory $value" } }
		positive { if {![string is integer -strict $value] || $value < 1} { fail "$command: $value is no count" } }
	}
}

# command NAME OPTIONS VALUES NEEDS: OPTIONS is a list of option and kind (flag: no value), VALUES the kinds of the other arguments, one that ends
# in ? may be missing; NEEDS the steps that must have been taken.
proc command {name options values needs} {
	proc $name args "run_command [list $name $options $values $needs] \$args"
}

proc run_command {name options values needs arguments} {
	global done
	foreach step $needs {
		if {$step ni $done} { fail "$name: before $step" }
	}
	# Genus writes reports with "> FILE"
	if {[lindex $arguments end-1] eq ">"} {
		check_value $name new [lindex $arguments end]
		set arguments [lrange $arguments 0 end-2]
		lappend done "$name>"
	}
	set rest {}
	for {set i 0} {$i < [llength $arguments]} {incr i} {
		set word [lindex $arguments $i]
		if {![regexp {^-[a-z]} $word]} {
			lappend rest $word
		} elseif {![dict exists $options $word]} {
			fail "$name: unknown option $word"
		} elseif {[dict get $options $word] ne "flag"} {
			if {$i + 1 >= [llength $arguments]} { fail "$name: $word needs a value" }
			check_value $name [dict get $options $word] [lindex $arguments [incr i]]
		}
	}
	set least [llength [lsearch -all -not $values *\\?]]
	if {[llength $rest] < $least || [llength $rest] > [llength $values]} { fail "$name: [llength $rest] arguments: $rest" }
	foreach kind $values value $rest {
		if {$value ne ""} { check_value $name [string trimright $kind ?] $value }
	}
	lappend done $name
	puts "$name $rest"
	return 1
}

proc unknown args { fail "unknown command [lindex $args 0]" }

# Constraints, the same for both tools
proc get_ports {names} {
	global ports
	foreach name $names {
		if {$name ni $ports} { fail "get_ports: no port $name" }
	}
	return $names
}
proc get_clocks {names} {
	global done
	foreach name $names {
		if {"clock $name" ni $done} { fail "get_clocks: no clock $name" }
	}
	return $names
}
proc all_outputs {} { return OUTPUTS }
proc read_sdc {file} {
	if {"elaborate" ni $::done} { fail "read_sdc: before elaborate" }
	check_value read_sdc file $file
	uplevel #0 [list source $file]
	lappend ::done read_sdc
}
proc create_clock args {
	run_command create_clock {-name word -period word} {port} {elaborate} $args
	lappend ::done "clock [dict get [lrange $args 0 end-1] -name]"
}
command set_clock_uncertainty {-setup flag -hold flag} {word clock} {create_clock}
command set_input_delay {-clock word -max flag -min flag} {word port} {create_clock}
command set_output_delay {-clock word -max flag -min flag} {word port} {create_clock}
command set_driving_cell {-lib_cell word -pin word -no_design_rule flag} {port} {elaborate}
command set_load {-pin_load flag} {word port} {elaborate}

if {$tool eq "dc"} {
	proc remove_from_collection {from what} { return $from }
	proc all_inputs {} { return INPUTS }
	proc redirect {file body} {
		check_value redirect new $file
		uplevel 1 $body
	}
	proc remove_design args {
		run_command remove_design {-all flag -designs flag -hierarchy flag} {} {} $args
		set ::done [lsearch -all -inline -regexp $::done {^(analyze|set_app_var|define_design_lib)$}]
	}
	command define_design_lib {-path dir} {word} {}
	proc set_app_var {name value} {
		if {$name ni {target_library link_library synthetic_library}} { fail "set_app_var: unknown variable $name" }
		if {$name eq "target_library"} { check_value $name file $value }
		uplevel #0 [list set $name $value]
		lappend ::done set_app_var
	}
	command analyze {-format word -library word -define word} {file} {define_design_lib set_app_var}
	command elaborate {-library word -parameters word -update flag} {word} {analyze}
	command current_design {} {word} {elaborate}
	command link {} {} {current_design}
	command uniquify {-force flag} {} {link}
	command check_design {-summary flag} {} {link}
	command saif_map {-start flag -end flag -write_map new} {} {link}
	command read_saif {-input file -instance_name word -auto_map_names flag -scale word -verbose flag} {} {link}
	command compile_ultra {-gate_clock flag -no_autoungroup flag -incremental flag -retime flag -scan flag -no_boundary_optimization flag} {} {read_sdc link}
	command change_names {-rules word -hierarchy flag} {} {compile_ultra}
	command check_timing {} {} {read_sdc}
	command report_area {-hierarchy flag -nosplit flag -designware flag} {} {compile_ultra}
	command report_timing {-delay_type word -max_paths positive -nworst positive -nosplit flag} {} {compile_ultra}
	command report_constraint {-all_violators flag -nosplit flag -verbose flag} {} {compile_ultra}
	command report_power {-hierarchy flag -nosplit flag -analysis_effort word} {} {compile_ultra}
	command report_clock_gating {-nosplit flag -verbose flag} {} {compile_ultra}
	command report_qor {} {} {compile_ultra}
	command write_file {-format word -hierarchy flag -output new} {} {change_names}
	command write_sdc {-nosplit flag} {new} {compile_ultra}
	command write_sdf {-version word} {new} {compile_ultra}
} elseif {$tool eq "genus"} {
	proc all_inputs args {
		run_command all_inputs {-no_clocks flag} {} {} $args
		return INPUTS
	}
	proc set_db {name value} {
		set known {hdl_error_on_blackbox hdl_error_on_latch auto_ungroup lp_insert_clock_gating syn_generic_effort syn_map_effort syn_opt_effort}
		if {$name ni $known} { fail "set_db: unknown attribute $name" }
		# gates are inserted for what is elaborated later
		if {$name eq "lp_insert_clock_gating" && "elaborate" in $::done} { fail "set_db: $name after elaborate" }
		puts "set_db $name $value"
	}
	command read_libs {} {file} {}
	command read_hdl {-language word -define word} {file} {read_libs}
	command elaborate {-parameters word} {word} {read_hdl}
	command check_design {-unresolved flag -all flag} {} {elaborate}
	command check_timing_intent {-verbose flag} {} {read_sdc}
	command syn_generic {-effort word} {} {read_sdc}
	command syn_map {} {} {syn_generic}
	command syn_opt {-incremental flag} {} {syn_map}
	command read_stimulus {-file file -format word -dut_instance word -allow_n_nets flag -start word -end word} {} {syn_opt}
	command compute_power {-mode word} {} {read_stimulus}
	foreach {name options} {
		report_area {-detail flag} report_timing {-max_paths positive -nworst positive} report_power {-by_hierarchy flag -levels word -unit word}
		report_clock_gating {-detail flag} report_gates {} report_qor {} write_hdl {} write_sdc {} write_sdf {}
	} {
		command $name $options {} {syn_opt}
	}
} else {
	fail "unknown tool $tool"
}

proc bgerror {message} { fail $message }
if {[catch { source $script } message]} { fail $message }

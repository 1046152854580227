# The reports of an implemented design, by fixed names, for `bitlet report DIR`. Returns the worst set-up slack in ns.
proc write_reports {dir} {
	file mkdir $dir
	report_utilization -file [file join $dir utilization.rpt]
	report_utilization -hierarchical -hierarchical_depth 5 -file [file join $dir utilization_hierarchical.rpt]
	report_timing_summary -delay_type min_max -max_paths 10 -file [file join $dir timing_summary.rpt]
	report_power -file [file join $dir power.rpt]
	set worst [get_timing_paths -setup -max_paths 1]
	if {[llength $worst] == 0} {
		puts "ERROR: bitlet: no path was timed; expected a clock"
		exit 2
	}
	return [get_property SLACK $worst]
}

# The verdict as exit status: 0 met, 1 not.
proc end_with_verdict {slack mhz} {
	if {$slack < 0} {
		puts "ERROR: bitlet: $mhz MHz is not met, the worst slack is $slack ns"
		exit 1
	}
	puts "INFO: bitlet: $mhz MHz is met, the worst slack is $slack ns"
	exit 0
}

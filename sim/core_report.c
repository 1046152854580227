#include "core_report.h"

#include <inttypes.h>

static const char *const port_name[] = {"act", "wgt", "out"};

static uint64_t beats(const struct core_figures *f, enum memory_port port)
{
	static const enum machine_counter index[] = {COUNT_act_beats, COUNT_wgt_beats, COUNT_out_beats};
	return f->counter[index[port]];
}

static uint64_t bursts(const struct core_figures *f, enum memory_port port)
{
	static const enum machine_counter index[] = {COUNT_act_bursts, COUNT_wgt_bursts, COUNT_out_bursts};
	return f->counter[index[port]];
}

static double per_cycle(const struct core_figures *f, double v)
{
	uint64_t cycles = f->counter[COUNT_cycles];
	return cycles ? v / (double)cycles : 0;
}

double core_port_rate(const struct core_figures *f, enum memory_port port)
{
	return per_cycle(f, (double)(beats(f, port) * f->memory->bus_bytes)) * (double)f->memory->clock_hz;
}

double core_channel_rate(const struct core_figures *f, unsigned channel)
{
	double sum = 0;
	for (int p = 0; p < MEMORY_PORTS; p++)
		if (f->memory->channel[p] == channel)
			sum += core_port_rate(f, (enum memory_port)p);
	return sum;
}

double core_port_peak(const struct core_figures *f, enum memory_port port)
{
	double bus = (double)f->memory->bus_bytes * (double)f->memory->clock_hz, dram = (double)f->memory->bandwidth[f->memory->channel[port]];
	return dram > 0 && dram < bus ? dram : bus;
}

static double frames_per_second(const struct core_figures *f)
{
	return per_cycle(f, (double)f->frames) * (double)f->memory->clock_hz;
}

static void print_share(const char *what, const struct core_figures *f, enum machine_counter i, FILE *out)
{
	fprintf(out, "  %-26s %12" PRIu64 "  %5.1f%%\n", what, f->counter[i], 100 * per_cycle(f, (double)f->counter[i]));
}

static void print_port(const struct core_figures *f, enum memory_port p, FILE *out)
{
	static const enum machine_counter address[] = {COUNT_act_stall_address, COUNT_wgt_stall_address, COUNT_out_stall_address};
	static const enum machine_counter data[] = {COUNT_act_stall_data, COUNT_wgt_stall_data, COUNT_out_stall_data};
	fprintf(out, "  m_axi_%s  %10" PRIu64 " %9" PRIu64 " %8.3f %7.1f%% %10" PRIu64 " %10" PRIu64 "\n", port_name[p], beats(f, p), bursts(f, p),
	        core_port_rate(f, p) / 1e9, 100 * core_port_rate(f, p) / core_port_peak(f, p), f->counter[address[p]], f->counter[data[p]]);
}

void core_report(const struct core_figures *f, FILE *out)
{
	double mhz = (double)f->memory->clock_hz / 1e6;
	fprintf(out, "%s (%s)\n", f->name, f->source);
	fprintf(out, "  %-26s %12" PRIu64 "\n", "MACs", f->macs);
	fprintf(out, "  %-26s %12" PRIu64 "\n", "cycles", f->counter[COUNT_cycles]);
	fprintf(out, "  %-26s %12.2f\n", "MAC/cycle", per_cycle(f, (double)f->macs));
	print_share("array busy (utilisation)", f, COUNT_busy, out);
	print_share("waits for activations", f, COUNT_wait_act, out);
	print_share("waits for weights", f, COUNT_wait_wgt, out);
	print_share("waits for the output", f, COUNT_wait_out, out);
	print_share("without a tile", f, COUNT_idle, out);
	fprintf(out, "  %10s %10s %9s %8s %8s %10s %10s\n", "port", "beats", "bursts", "GB/s", "of peak", "addr stall", "data stall");
	for (int p = 0; p < MEMORY_PORTS; p++)
		print_port(f, (enum memory_port)p, out);
	for (unsigned c = 0; c < MEMORY_CHANNELS; c++)
		if (core_channel_rate(f, c) > 0 && f->memory->bandwidth[c])
			fprintf(out, "  DRAM channel %u: %.3f of %.3f GB/s, %.1f%%\n", c, core_channel_rate(f, c) / 1e9, (double)f->memory->bandwidth[c] / 1e9,
			        100 * core_channel_rate(f, c) / (double)f->memory->bandwidth[c]);
	fprintf(out, "  %.2f frames/s at %g MHz\n", frames_per_second(f), mhz);
}

cJSON *core_report_object(const struct core_figures *f)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "name", f->name);
	cJSON_AddStringToObject(o, "source", f->source);
	cJSON_AddNumberToObject(o, "macs", (double)f->macs);
	cJSON_AddNumberToObject(o, "mac_per_cycle", per_cycle(f, (double)f->macs));
	cJSON_AddNumberToObject(o, "utilisation", per_cycle(f, (double)f->counter[COUNT_busy]));
	cJSON_AddNumberToObject(o, "frames_per_second", frames_per_second(f));
	cJSON_AddNumberToObject(o, "clock_hz", (double)f->memory->clock_hz);
	for (int p = 0; p < MEMORY_PORTS; p++) {
		char key[32];
		snprintf(key, sizeof key, "%s_bytes_per_second", port_name[p]);
		cJSON_AddNumberToObject(o, key, core_port_rate(f, (enum memory_port)p));
		snprintf(key, sizeof key, "%s_share_of_peak", port_name[p]);
		cJSON_AddNumberToObject(o, key, core_port_rate(f, (enum memory_port)p) / core_port_peak(f, (enum memory_port)p));
	}
	cJSON *counters = cJSON_AddObjectToObject(o, "counters");
	for (unsigned i = 0; i < BITLET_COUNTERS; i++)
		cJSON_AddNumberToObject(counters, bitlet_counter_name(i), (double)f->counter[i]);
	return o;
}

#include "vivado_report.h"

#include <stdlib.h>
#include <string.h>

void vivado_copy(char out[VIVADO_TEXT], const char *text)
{
	snprintf(out, VIVADO_TEXT, "%s", text);
}

void vivado_report_free(struct vivado_report *r)
{
	free(r->module);
	r->module = NULL;
	r->modules = 0;
}

/* The value of a line "| Key   : value" of the report's head, NULL when it has none. */
static const char *head_value(const struct report_text *t, const char *key, size_t *line)
{
	for (size_t i = 0; i < t->lines && i < 40; i++) {
		const char *p = t->line[i];
		if (strncmp(p, "| ", 2) || strncmp(p + 2, key, strlen(key)))
			continue;
		p += 2 + strlen(key);
		p += strspn(p, " ");
		if (p[0] != ':' || p[1] != ' ')
			continue;
		*line = i;
		return p + 2;
	}
	return NULL;
}

/* Devices are written with and without "xc", with and without hyphen between name and package. */
static void device_name(char out[VIVADO_TEXT], const char *text)
{
	size_t n = 0;
	if (strncmp(text, "xc", 2))
		n = (size_t)snprintf(out, VIVADO_TEXT, "xc");
	for (; *text && n + 1 < VIVADO_TEXT; text++)
		if (*text != ' ')
			out[n++] = *text;
	out[n] = '\0';
}

/* The same part? The timing report leaves out the speed grade, and has a hyphen before the package. */
static bool same_device(const char *a, const char *b)
{
	while (*a && *b) {
		if (*a == *b)
			a++, b++;
		else if (*a == '-')
			a++;
		else if (*b == '-')
			b++;
		else
			return false;
	}
	return !*a || !*b || *a == '-' || *b == '-';
}

static bool take_head(struct vivado_report *r, const struct report_text *t)
{
	size_t line = 0;
	const char *tool = head_value(t, "Tool Version", &line);
	if (!tool || strncmp(tool, "Vivado", 6))
		return report_fault(t, tool ? line : 0, "not a report of Vivado; expected a line \"| Tool Version : Vivado ...\" at its head");
	vivado_copy(r->tool, tool);
	r->tool[strcspn(r->tool, "(")] = '\0';
	for (size_t n = strlen(r->tool); n && r->tool[n - 1] == ' ';)
		r->tool[--n] = '\0';
	const char *design = head_value(t, "Design", &line);
	if (!design)
		return report_fault(t, 0, "its head names no design; expected a line \"| Design : ...\"");
	if (r->design[0] && strcmp(r->design, design))
		return report_fault(t, line, "design %s; expected %s as in the reports before", design, r->design);
	vivado_copy(r->design, design);
	const char *device = head_value(t, "Device", &line);
	if (!device)
		return report_fault(t, 0, "its head names no device; expected a line \"| Device : ...\"");
	char name[VIVADO_TEXT];
	device_name(name, device);
	if (r->device[0] && !same_device(r->device, name))
		return report_fault(t, line, "device %s; expected %s as in the reports before", name, r->device);
	if (strlen(name) > strlen(r->device))
		vivado_copy(r->device, name);
	const char *state = head_value(t, "Design State", &line);
	if (state)
		vivado_copy(r->state, state);
	return true;
}

static bool take_body(struct vivado_report *r, const struct report_text *t)
{
	if (report_find(t, 0, "Timing Summary Report") < t->lines)
		return vivado_timing(r, t);
	if (report_find(t, 0, "Power Report") < t->lines)
		return vivado_power(r, t);
	if (report_find(t, 0, "Utilization Design Information") == t->lines)
		return report_fault(t, 0, "none of the reports that bitlet reads; expected that of report_utilization, report_timing_summary or report_power");
	if (report_find(t, 0, "1. Utilization by Hierarchy") < t->lines)
		return vivado_hierarchy(r, t);
	return vivado_utilization(r, t);
}

bool vivado_report_add(struct vivado_report *r, const char *path)
{
	struct report_text t;
	bool good = report_text_read(&t, path, r->err) && take_head(r, &t) && take_body(r, &t);
	report_text_free(&t);
	r->files += good;
	return good;
}

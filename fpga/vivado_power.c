/*
 * vivado_power.c: the summary of report_power.
 */
#include <string.h>

#include "vivado_report.h"

static bool take_row(struct vivado_power *v, const struct report_table *w, unsigned *found)
{
	static const char *const names[] = { "Total On-Chip Power (W)", "Dynamic (W)", "Device Static (W)" };
	double *const place[] = { &v->total, &v->dynamic, &v->fixed };
	for (unsigned i = 0; i < 3; i++)
		if (!strcmp(w->cell[0], names[i])) {
			*found |= 1u << i;
			return report_number(w, 1, place[i]);
		}
	if (!strcmp(w->cell[0], "Confidence Level")) {
		*found |= 8;
		vivado_copy(v->confidence, w->cell[1]);
	}
	return true;
}

bool vivado_power(struct vivado_report *r, const struct report_text *t)
{
	struct report_table w;
	enum report_row step = ROWS_END;
	unsigned found = 0;
	if (r->power.known)
		return report_fault(t, 0, "a second report_power; expected one");
	if (!report_table_open(&w, t, report_find(t, 0, "Power Report")))
		return false;
	bool good = w.columns == 2 || report_fault(t, w.begin, "damaged table; expected the summary's two columns");
	while (good && (step = report_table_next(&w)) == ROW)
		good = take_row(&r->power, &w, &found);
	if (good && step == ROWS_END && found != 15)
		good = report_fault(t, w.at, "the summary is damaged; expected total, dynamic and static power and the confidence level");
	report_table_close(&w);
	r->power.known = good && step == ROWS_END;
	return r->power.known;
}

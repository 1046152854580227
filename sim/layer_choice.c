#include "layer_choice.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* "7" or "3..7". */
static bool parse_range(const char *text, unsigned long *first, unsigned long *last)
{
	char *end;
	if (text[0] < '0' || text[0] > '9')
		return false;
	*first = *last = strtoul(text, &end, 10);
	if (!strncmp(end, "..", 2) && end[2] >= '0' && end[2] <= '9')
		*last = strtoul(end + 2, &end, 10);
	return !*end;
}

/* Of TFLite's lists of fused names the first will do, which is what bitlet run prints. */
static bool is_name(const char *entry, const char *name)
{
	size_t first = strcspn(name, ";");
	return !strcmp(entry, name) || (strlen(entry) == first && !strncmp(entry, name, first));
}

/* Why a layer of that name stays on the host; "" when there is none. */
static const char *why_not(const char *entry, const struct schedule *s)
{
	for (size_t i = 0; i < s->steps; i++)
		if (!s->step[i].on_core && is_name(entry, s->graph->node[s->step[i].node].name))
			return s->step[i].why;
	return "";
}

static bool choose(const char *option, const char *entry, const struct schedule *s, bool *chosen, struct fault *f)
{
	unsigned long first = 0, last = 0, number = 0;
	bool is_range = parse_range(entry, &first, &last), met = false;
	for (size_t i = 0; i < s->steps; i++) {
		if (!s->step[i].on_core)
			continue;
		const char *name = s->graph->node[s->step[i].node].name;
		number++;
		if (is_name(entry, name) || (is_range ? number >= first && number <= last : fnmatch(entry, name, 0) == 0))
			chosen[i] = met = true;
	}
	if (is_range && (first < 1 || last < first || last > number))
		return fault_set(f, "%s: '%.80s'; expected numbers from 1 to %lu", option, entry, number);
	if (!met && why_not(entry, s)[0])
		return fault_set(f, "%s: '%.80s' stays on the host: %s", option, entry, why_not(entry, s));
	return met || fault_set(f, "%s: '%.80s' is no layer of the core; expected a name, a glob or a number of the table that bitlet run prints", option, entry);
}

bool layer_choice(const char *option, const char *list, const struct schedule *s, bool *chosen, struct fault *f)
{
	char *copy = strdup(list), *rest = NULL;
	bool good = copy || fault_set(f, "out of memory");
	unsigned entries = 0;
	memset(chosen, 0, s->steps * sizeof *chosen);
	for (char *entry = good ? strtok_r(copy, ",", &rest) : NULL; good && entry; entry = strtok_r(NULL, ",", &rest), entries++)
		good = choose(option, entry, s, chosen, f);
	free(copy);
	return good && (entries || fault_set(f, "%s: nothing in '%.80s'; expected layers with commas between them", option, list));
}

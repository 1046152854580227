#include "option_value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool option_complain(const char *name, const char *text, const char *expected)
{
	fprintf(stderr, "bitlet run: %s '%s'; expected %s\n", name, text, expected);
	return false;
}

bool option_real(const char *name, const char *text, double least, double most, double *value)
{
	char *end, expected[64];
	errno = 0;
	double v = strtod(text, &end);
	if (end != text && !*end && !errno && v >= least && v <= most) { /* not for NaN */
		*value = v;
		return true;
	}
	snprintf(expected, sizeof expected, "a number from %g to %g", least, most);
	return option_complain(name, text, expected);
}

bool option_whole(const char *name, const char *text, double least, double most, unsigned *value)
{
	double v = 0;
	if (!option_real(name, text, least, most, &v))
		return false;
	*value = (unsigned)v;
	return (double)*value == v || option_complain(name, text, "a whole number");
}

bool option_seed(const char *name, const char *text, uint64_t *value)
{
	char *end;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return (text[0] >= '0' && text[0] <= '9' && !*end && !errno) || option_complain(name, text, "a number from 0 to 2^64 - 1");
}

bool option_reals(const char *name, const char *text, unsigned most, double *value, unsigned *count)
{
	const char *at = text;
	for (*count = 0; *count < most;) {
		char *end;
		errno = 0;
		double v = strtod(at, &end);
		if (end == at || errno || !(v >= -1e30 && v <= 1e30)) /* NaN too */
			break;
		value[(*count)++] = v;
		if (!*end)
			return true;
		if (*end != ',')
			break;
		at = end + 1;
	}
	char expected[64];
	snprintf(expected, sizeof expected, "1 to %u numbers with commas between them", most);
	return option_complain(name, text, expected);
}

bool option_word(const char *name, const char *text, const char *const *word, const char *expected, int *index)
{
	for (int i = 0; word[i]; i++)
		if (!strcmp(text, word[i])) {
			*index = i;
			return true;
		}
	return option_complain(name, text, expected);
}

bool option_memory(int option, const char *text, struct memory_config *m)
{
	double v = 0;
	bool good = true;
	switch (option) {
	case OPTION_CLOCK:
		good = option_real("--clock", text, 0.001, 1e5, &v);
		m->clock_hz = (uint64_t)(v * 1e6);
		return good;
	case OPTION_BANDWIDTH:
		good = option_real("--bandwidth", text, 0, 1e4, &v);
		for (int i = 0; i < MEMORY_CHANNELS; i++)
			m->bandwidth[i] = (uint64_t)(v * 1e9);
		return good;
	case OPTION_LATENCY:
		return option_whole("--latency", text, 1, 1e6, &m->latency);
	case OPTION_OUTSTANDING:
		return option_whole("--outstanding", text, 1, MEMORY_MAX_BURSTS, &m->outstanding);
	case OPTION_STALLS:
		return option_whole("--stalls", text, 0, 100, &m->stalls);
	case OPTION_SEED:
		return option_seed("--seed", text, &m->seed);
	default:
		return false;
	}
}

#include "shard_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "workspace.h"

enum { HASH_TEXT = 32, RANGE_TEXT = 24, BLOCK = 1 << 16 };

bool shard_hash_file(const char *path, uint64_t *h)
{
	FILE *f = fopen(path, "rb");
	unsigned char *block = malloc(BLOCK);
	size_t got = 1;
	while (f && block && got) {
		got = fread(block, 1, BLOCK, f);
		*h = hash_bytes(*h, block, got);
	}
	bool good = f && block && !ferror(f);
	free(block);
	if (f)
		fclose(f);
	return good;
}

static void add_hash(cJSON *o, const char *name, uint64_t h)
{
	char text[HASH_TEXT];
	snprintf(text, sizeof text, "0x%016" PRIx64, h);
	cJSON_AddStringToObject(o, name, text);
}

cJSON *shard_report_new(const struct shard_identity *id)
{
	cJSON *o = cJSON_CreateObject();
	char seed[HASH_TEXT];
	snprintf(seed, sizeof seed, "%" PRIu64, id->seed);
	cJSON_AddStringToObject(o, "by", backend_source(id->kind));
	add_hash(o, "model", id->model);
	add_hash(o, "config", id->config);
	add_hash(o, "input", id->input);
	cJSON_AddNumberToObject(o, "sample", id->sample);
	cJSON_AddStringToObject(o, "seed", seed); /* 64 bits are more than a JSON number holds */
	cJSON_AddNumberToObject(o, "shard", id->shard);
	cJSON_AddNumberToObject(o, "shards", id->shards);
	cJSON_AddArrayToObject(o, "steps");
	return o;
}

void shard_report_add(cJSON *verification, unsigned run, const char *layer, const struct shard_step *s, const struct backend_result *r)
{
	cJSON *o = cJSON_CreateObject();
	char *chosen = shard_ranges(s->chosen, s->count);
	char *verified = r && s->owned ? shard_ranges(s->chosen + s->own, s->owned) : NULL;
	bool counts = r && r->cycles_known && s->owned;
	cJSON_AddNumberToObject(o, "run", run);
	cJSON_AddStringToObject(o, "layer", layer);
	cJSON_AddNumberToObject(o, "units", s->units->count);
	cJSON_AddStringToObject(o, "chosen", chosen ? chosen : "");
	cJSON_AddStringToObject(o, "verified", verified ? verified : "");
	cJSON_AddBoolToObject(o, "equal", !r || !s->owned || r->equal);
	cJSON_AddNumberToObject(o, "cycles", counts ? (double)r->counter[COUNT_cycles] : 0);
	cJSON_AddNumberToObject(o, "busy", counts ? (double)r->counter[COUNT_busy] : 0);
	cJSON_AddItemToArray(cJSON_GetObjectItem(verification, "steps"), o);
	free(chosen);
	free(verified);
}

/* ---- ranges ---- */

char *shard_ranges(const uint32_t *unit, size_t count)
{
	char *text = malloc(count * RANGE_TEXT + 1), *at = text;
	if (!text)
		return NULL;
	*at = '\0';
	for (size_t i = 0; i < count;) {
		size_t end = i + 1;
		while (end < count && unit[end] == unit[end - 1] + 1)
			end++;
		at += sprintf(at, end > i + 1 ? "%s%" PRIu32 "-%" PRIu32 : "%s%" PRIu32, i ? "," : "", unit[i], unit[end - 1]);
		i = end;
	}
	return text;
}

/* Digits; *text moves behind them. */
static bool read_number(const char **text, uint32_t below, uint32_t *value)
{
	const char *s = *text;
	uint64_t v = 0;
	while (*s >= '0' && *s <= '9' && v < below)
		v = 10 * v + (uint64_t)(*s++ - '0');
	if (s == *text || v >= below)
		return false;
	*text = s;
	*value = (uint32_t)v;
	return true;
}

bool shard_ranges_read(const char *text, uint8_t *covered, uint32_t units)
{
	uint32_t next = 0;          /* the first that may come */
	if (!*text)
		return true;
	for (;; text++) {
		uint32_t first, last;
		if (!read_number(&text, units, &first) || first < next)
			return false;
		last = first;
		if (*text == '-') {
			text++;
			if (!read_number(&text, units, &last) || last < first)
				return false;
		}
		for (uint32_t u = first; u <= last; u++)
			covered[u] = (uint8_t)(covered[u] + (covered[u] < UINT8_MAX));
		next = last + 1;
		if (*text != ',')
			return !*text;
	}
}

#include "config_schema.h"

#include <stdlib.h>
#include <string.h>

#include "config_value.h"
#include "diagnostic.h"
#include "params.h"

/* What libcyaml fills: a pointer a parameter, NULL where the file leaves it out. */
struct raw_pipeline {
#define PARAM_CUT(key, max, def, text) unsigned *key;
#include "params.def"
};

struct raw_config {
#define PARAM_NAME(key, text) char *key;
#define PARAM_WORD(key, type, words, def, text) type *key;
#define PARAM_FLAG(key, def, text) bool *key;
#define PARAM_UINT(key, min, max, def, unit, text) unsigned *key;
#define PARAM_COUNT(key, min, max, unit, text) unsigned *key;
#define PARAM_RATE(key, max, unit, text) char *key;
#define PARAM_PRECISIONS(key, max, text) char **key; unsigned key##_count;
#define PARAM_PACKING(key, max, text) unsigned *key; unsigned key##_count;
#include "params.def"
	struct raw_pipeline pipeline;
};

#define STRVAL(word, value) { .str = word, .val = value },
#define PARAM_WORD(key, type, list, def, text) static const cyaml_strval_t key##_words[] = { list(STRVAL) };
#include "params.def"

static const cyaml_schema_value_t precision_schema = { CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED) };
static const cyaml_schema_value_t factor_schema = { CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, unsigned) };

static const cyaml_schema_field_t pipeline_fields[] = {
#define PARAM_CUT(key, max, def, text) CYAML_FIELD_UINT_PTR(#key, CYAML_FLAG_OPTIONAL, struct raw_pipeline, key),
#include "params.def"
	CYAML_FIELD_END
};

static const cyaml_schema_field_t root_fields[] = {
#define PARAM_NAME(key, text) CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_OPTIONAL, struct raw_config, key, 0, CYAML_UNLIMITED),
#define PARAM_WORD(key, type, list, def, text) CYAML_FIELD_ENUM_PTR(#key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct raw_config, key, key##_words, CYAML_ARRAY_LEN(key##_words)),
#define PARAM_FLAG(key, def, text) CYAML_FIELD_BOOL_PTR(#key, CYAML_FLAG_OPTIONAL, struct raw_config, key),
#define PARAM_UINT(key, min, max, def, unit, text) CYAML_FIELD_UINT_PTR(#key, CYAML_FLAG_OPTIONAL, struct raw_config, key),
#define PARAM_COUNT(key, min, max, unit, text) CYAML_FIELD_UINT_PTR(#key, CYAML_FLAG_DEFAULT, struct raw_config, key),
#define PARAM_RATE(key, max, unit, text) CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_OPTIONAL, struct raw_config, key, 0, CYAML_UNLIMITED),
#define PARAM_PRECISIONS(key, high, text) CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER, struct raw_config, key, &precision_schema, 1, high),
#define PARAM_PACKING(key, high, text) CYAML_FIELD_SEQUENCE(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct raw_config, key, &factor_schema, 1, high),
#include "params.def"
	CYAML_FIELD_MAPPING("pipeline", CYAML_FLAG_OPTIONAL, struct raw_config, pipeline, pipeline_fields),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t root_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_config, root_fields) };

/* Ascending, 1 first. */
static void fill_packing(const struct raw_config *raw, struct bitlet_config *c)
{
	static const unsigned factors[BITLET_MAX_PACKS] = { 1, 2, 3, 6, 12, 24 };
	for (unsigned i = 0; i < BITLET_MAX_PACKS; i++) {
		bool has = factors[i] == 1;
		for (unsigned j = 0; j < raw->packing_count; j++)
			has |= raw->packing[j] == factors[i];
		if (has)
			c->packing[c->packs++] = factors[i];
	}
}

static bool fill_precisions(const struct raw_config *raw, struct bitlet_config *c)
{
	for (unsigned i = 0; i < raw->precisions_count; i++)
		if (!bitlet_precision_parse(raw->precisions[i], &c->precision[c->precisions++]))
			return false;
	return true;
}

static bool fill(const struct raw_config *raw, struct bitlet_config *c)
{
	memset(c, 0, sizeof *c);
	if (raw->name)
		snprintf(c->name, sizeof c->name, "%s", raw->name);
#define PARAM_WORD(key, type, words, def, text) c->key = raw->key ? *raw->key : def;
#define PARAM_FLAG(key, def, text) c->key = raw->key ? *raw->key : def;
#define PARAM_UINT(key, min, max, def, unit, text) c->key = raw->key ? *raw->key : def;
#define PARAM_COUNT(key, min, max, unit, text) c->key = *raw->key;
#define PARAM_CUT(key, max, def, text) c->pipeline.key = raw->pipeline.key ? *raw->pipeline.key : def;
#include "params.def"
	c->preprocess_rate = c->n;
	if (raw->preprocess_rate)
		config_number(raw->preprocess_rate, &c->preprocess_rate); /* the word full leaves n */
	fill_packing(raw, c);
	return fill_precisions(raw, c);
}

/* libcyaml must neither print nor log: config_tree and config_value have said it better. */
static const cyaml_config_t cyaml_setup = { .log_fn = NULL, .log_level = CYAML_LOG_ERROR, .mem_fn = cyaml_mem };

bool config_schema_load(const char *path, const char *text, size_t size, struct bitlet_config *c, FILE *err)
{
	struct raw_config *raw = NULL;
	cyaml_err_t status = cyaml_load_data((const uint8_t *)text, size, &cyaml_setup, &root_schema, (cyaml_data_t **)&raw, NULL);
	bool good = status == CYAML_OK && raw && fill(raw, c);
	if (!good)
		diagnostic(err, path, 1, 1, "libcyaml: %s; expected a configuration", cyaml_strerror(status));
	cyaml_free(&cyaml_setup, &root_schema, raw, 0);
	return good;
}

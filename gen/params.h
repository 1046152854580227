/*
 * params.h: the rows of params.def as a table, for everything that walks all parameters (parser, help, nearest-key search).
 */
#ifndef BITLET_PARAMS_TABLE_H
#define BITLET_PARAMS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <cyaml/cyaml.h>

#define ENGINE_WORDS(X) X("classic", BITLET_CLASSIC) X("dense", BITLET_DENSE)
#define SELECTOR_WORDS(X) X("full", BITLET_SELECTOR_FULL) X("window", BITLET_SELECTOR_WINDOW)
#define SIDE_WORDS(X) X("weight", BITLET_SIDE_WEIGHT) X("activation", BITLET_SIDE_ACTIVATION)
#define ACCUMULATION_WORDS(X) X("fp32", BITLET_ACCUMULATION_FP32) X("wide", BITLET_ACCUMULATION_WIDE)

enum param_kind { PARAM_IS_NAME, PARAM_IS_WORD, PARAM_IS_FLAG, PARAM_IS_UINT, PARAM_IS_RATE, PARAM_IS_PRECISIONS, PARAM_IS_PACKING };

/* One parameter. */
struct param {
	const char *key;            /* "n"; a pipeline cut as "pipeline.tree" */
	enum param_kind kind;
	bool required;
	unsigned min, max;          /* numbers: range of the value; sequences: range of the number of entries; name: of its length */
	unsigned standard;          /* default: number, enum value or 0 / 1 */
	const char *unit;           /* "" when there is none */
	const char *meaning;
	const cyaml_strval_t *words; /* PARAM_IS_WORD */
	unsigned word_count;
};

extern const struct param params[];
extern const unsigned param_count;

/* The row of a full key ("pipeline.tree"), NULL when there is none. */
const struct param *param_find(const char *key);

/* True for the two kinds that are YAML sequences. */
bool param_is_sequence(const struct param *p);

/*
 * The key nearest to a misspelt one, NULL when none is near. In the top level group is "", in the mapping `pipeline` it is "pipeline.";
 * the result has no group in front.
 */
const char *param_nearest(const char *group, const char *key);

/* Prints what a parameter accepts ("2..128 slots", "full or window"). */
void param_print_expected(const struct param *p, FILE *out);

#endif

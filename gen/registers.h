/*
 * registers.h: the core's register map as a table, from registers.def and counters.def, and what is printed from it.
 */
#ifndef BITLET_REGISTERS_H
#define BITLET_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "derive.h"
#include "symbols.h"

enum { REGISTER_MAX = 128, REGISTER_MAX_FIELDS = 192, REGISTER_NAME_SIZE = 40, REGISTER_SPACE = 4096, COUNTER_BITS = 48 };

enum register_kind { KIND_CONSTANT, KIND_STATE, KIND_SETTING, KIND_STICKY, KIND_PULSE };

struct register_field {
	const char *name;           /* "done" */
	char id[REGISTER_NAME_SIZE]; /* "status_done", the RTL's */
	unsigned lsb, width;
	enum register_kind kind;
	uint32_t reset;             /* right-aligned */
	const char *source;         /* `reset` as the row writes it */
	const char *meaning;
};

struct register_row {
	char name[REGISTER_NAME_SIZE]; /* "STATUS" */
	char id[REGISTER_NAME_SIZE]; /* "status" */
	unsigned offset;            /* bytes */
	const char *meaning;
	unsigned first, fields;     /* its fields, in field[] of the map */
	int counter;                /* number of the counter that it shows, -1: none */
	bool high;                  /* the counter's upper bits */
};

struct register_map {
	struct register_row row[REGISTER_MAX];
	unsigned rows;
	struct register_field field[REGISTER_MAX_FIELDS];
	unsigned fields;
	unsigned counters;
};

/* Fills *m. Without a configuration (c and d NULL) values that depend on it are 0. */
void register_map_fill(struct register_map *m, const struct bitlet_config *c, const struct bitlet_derived *d);

/* CHANNEL(name, meaning) for each value of STATUS.channel; CHANNEL_##name of core_types.h is the number. */
#define REGISTER_CHANNELS(CHANNEL) \
	CHANNEL(NONE, "none") \
	CHANNEL(ACT, "m_axi_act, activation buffer") \
	CHANNEL(WGT, "m_axi_wgt, weight buffer") \
	CHANNEL(OUT, "m_axi_out, partial sums and output buffer") \
	CHANNEL(PROGRAM, "m_axi_wgt, program fetch")

/* The value does not depend on the configuration. */
bool register_field_fixed(const struct register_field *f);
/* Every field is a PULSE. */
bool register_write_only(const struct register_map *m, const struct register_row *r);
/* A write to it does something: it has a SETTING, STICKY or PULSE. */
bool register_writable(const struct register_map *m, const struct register_row *r);
/* The value after reset, as read. */
uint32_t register_reset(const struct register_map *m, const struct register_row *r);

/*
 * For templates: counters, counter_bits, registers, register[r].name .id .offset .writable .counter .high .first .last, fields, field[f].id .lsb .msb .width .reset
 * .constant .state .setting .sticky .pulse. The map must outlive the symbols; symbols_sort() is the caller's.
 */
void registers_symbols(const struct register_map *m, struct symbols *s);

/* bitlet_regs.h: the same for all configurations. */
void registers_header(FILE *out);
/* registers.md, with the values of a configuration or, for NULL, their names. */
void registers_markdown(const struct bitlet_config *c, const struct bitlet_derived *d, FILE *out);
/* bitlet.svd: CMSIS-SVD. */
void registers_svd(const struct bitlet_config *c, const struct bitlet_derived *d, FILE *out);

#endif

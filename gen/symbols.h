/*
 * symbols.h: the names that a template's expressions may use, each with a whole number, a text, or a list's length.
 *
 * Global symbols are set once and then frozen by symbols_sort(); loop variables are
 * pushed on top of them and hide what has the same name.
 */
#ifndef BITLET_SYMBOLS_H
#define BITLET_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYMBOL_NAME_SIZE = 48, SYMBOL_MAX_LOCALS = 32 };

enum value_kind {
	VALUE_NUMBER,
	VALUE_TEXT,
	VALUE_LIST,                 /* number: how many elements NAME[0].. there are */
};

struct value {
	enum value_kind kind;
	int64_t number;
	const char *text;           /* VALUE_TEXT; borrowed, not terminated */
	size_t length;              /* of text */
};

struct symbol {
	char name[SYMBOL_NAME_SIZE]; /* "n", "packing[2]", "mode[0].is_float" */
	struct value value;
};

struct symbols {
	struct symbol *global;
	size_t globals, capacity;
	struct symbol local[SYMBOL_MAX_LOCALS];
	size_t locals;
	bool failed;                /* out of memory while setting */
};

void symbols_number(struct symbols *s, const char *name, int64_t number);
/* text must outlive the symbols. */
void symbols_text(struct symbols *s, const char *name, const char *text);
void symbols_list(struct symbols *s, const char *name, int64_t count);
/* After the last global symbol, before the first find. False when memory ran out on the way. */
bool symbols_sort(struct symbols *s);
void symbols_free(struct symbols *s);

/* Pushes a loop variable; false when SYMBOL_MAX_LOCALS are there. */
bool symbols_push(struct symbols *s, const char *name, struct value value);
void symbols_pop(struct symbols *s);

/* NULL when there is no such symbol. */
const struct value *symbols_find(const struct symbols *s, const char *name);

#endif

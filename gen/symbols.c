#include "symbols.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void add(struct symbols *s, const char *name, struct value value)
{
	if (s->globals == s->capacity) {
		size_t capacity = s->capacity ? 2 * s->capacity : 256;
		struct symbol *grown = realloc(s->global, capacity * sizeof *grown);
		if (!grown) {
			s->failed = true;
			return;
		}
		s->global = grown;
		s->capacity = capacity;
	}
	assert(strlen(name) < SYMBOL_NAME_SIZE);
	struct symbol *symbol = &s->global[s->globals++];
	strcpy(symbol->name, name);
	symbol->value = value;
}

void symbols_number(struct symbols *s, const char *name, int64_t number)
{
	add(s, name, (struct value){ .kind = VALUE_NUMBER, .number = number });
}

void symbols_text(struct symbols *s, const char *name, const char *text)
{
	add(s, name, (struct value){ .kind = VALUE_TEXT, .text = text, .length = strlen(text) });
}

void symbols_list(struct symbols *s, const char *name, int64_t count)
{
	add(s, name, (struct value){ .kind = VALUE_LIST, .number = count });
}

static int by_name(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	return strcmp(x->name, y->name);
}

bool symbols_sort(struct symbols *s)
{
	if (s->globals)
		qsort(s->global, s->globals, sizeof *s->global, by_name);
	return !s->failed;
}

void symbols_free(struct symbols *s)
{
	free(s->global);
	memset(s, 0, sizeof *s);
}

bool symbols_push(struct symbols *s, const char *name, struct value value)
{
	if (s->locals == SYMBOL_MAX_LOCALS || strlen(name) >= SYMBOL_NAME_SIZE)
		return false;
	strcpy(s->local[s->locals].name, name);
	s->local[s->locals++].value = value;
	return true;
}

void symbols_pop(struct symbols *s)
{
	assert(s->locals);
	s->locals--;
}

static int by_key(const void *key, const void *symbol)
{
	return strcmp(key, ((const struct symbol *)symbol)->name);
}

const struct value *symbols_find(const struct symbols *s, const char *name)
{
	for (size_t i = s->locals; i-- > 0;)
		if (!strcmp(s->local[i].name, name))
			return &s->local[i].value;
	if (!s->globals)
		return NULL;
	const struct symbol *found = bsearch(name, s->global, s->globals, sizeof *s->global, by_key);
	return found ? &found->value : NULL;
}

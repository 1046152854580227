#include "command.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_load.h"
#include "derive.h"
#include "expression.h"
#include "template.h"
#include "values.h"

enum { MAX_FILE = 1 << 20 }; /* bytes of a template or of a list */

const char command_expand_help[] =
	"usage: bitlet expand CONFIG TEMPLATE [NAME=VALUE | NAME=@FILE]...\n"
	"\n"
	"Expands a template with the values of a configuration, as `bitlet gen` does for its own, and prints the result: for scripts of\n"
	"other tools. gen/template.h has the language.\n"
	"\n"
	"  NAME=VALUE   one more value: a whole number, or a text\n"
	"  NAME=@FILE   one more list: the lines of FILE, blank ones left out\n"
	"  --help       this text\n"
	"\n"
	"Exit status: 0 good, 2 the configuration, the template or a value is at fault.\n";

/* The program's memory of an expansion: texts that symbols point into. */
struct texts {
	char *text[64];
	size_t count;
};

static void free_texts(struct texts *t)
{
	while (t->count)
		free(t->text[--t->count]);
}

/* A file with a NUL behind it, owned by t; NULL after a report. */
static char *read_file(struct texts *t, const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	char *text = f ? malloc(MAX_FILE + 1) : NULL;
	*size = text ? fread(text, 1, MAX_FILE + 1, f) : 0;
	const char *fault = !f || !text || ferror(f) ? strerror(errno) : *size > MAX_FILE ? "too large" : NULL;
	if (f)
		fclose(f);
	if (fault || t->count == sizeof t->text / sizeof *t->text) {
		free(text);
		command_refuse("expand", "%s: %s", path, fault ? fault : "too many files");
		return NULL;
	}
	text[*size] = '\0';
	return t->text[t->count++] = text;
}

/* Sets `name` to a number when the whole of `text` is one. */
static void set_value(struct symbols *s, const char *name, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	if (digits && digits <= 18 && !text[digits])
		symbols_number(s, name, strtoll(text, NULL, 10));
	else
		symbols_text(s, name, text);
}

static bool set_list(struct symbols *s, struct texts *t, const char *name, const char *path)
{
	char element[SYMBOL_NAME_SIZE + 24];
	size_t size;
	int64_t count = 0;
	char *text = read_file(t, path, &size);
	char *rest;
	for (char *line = text ? strtok_r(text, "\r\n", &rest) : NULL; line; line = strtok_r(NULL, "\r\n", &rest)) {
		snprintf(element, sizeof element, "%s[%lld]", name, (long long)count++);
		if (strlen(element) >= SYMBOL_NAME_SIZE)
			return command_refuse("expand", "%s: too many lines", path) == EXIT_GOOD;
		set_value(s, element, line);
	}
	symbols_list(s, name, count);
	return text != NULL;
}

/* One NAME=VALUE. */
static bool set_word(struct symbols *s, struct texts *t, const char *word)
{
	char name[SYMBOL_NAME_SIZE];
	size_t length = expression_name_length(word, strlen(word));
	if (!length || word[length] != '=' || length > SYMBOL_NAME_SIZE - 8)
		return command_refuse("expand", "'%s': expected NAME=VALUE or NAME=@FILE", word) == EXIT_GOOD;
	memcpy(name, word, length);
	name[length] = '\0';
	if (symbols_find(s, name))
		return command_refuse("expand", "%s is a value of the configuration or given twice", name) == EXIT_GOOD;
	if (word[length + 1] == '@')
		return set_list(s, t, name, word + length + 2);
	set_value(s, name, word + length + 1);
	return true;
}

static bool expand(struct symbols *s, struct texts *t, const char *path, char **words, int count)
{
	size_t size;
	bool emitted;
	for (int i = 0; i < count; i++)
		if (!set_word(s, t, words[i]) || !symbols_sort(s))
			return false;
	const char *text = read_file(t, path, &size);
	char *result = NULL;
	size_t length = 0;
	FILE *out = text ? open_memstream(&result, &length) : NULL;
	if (!out)
		return false;
	bool good = template_expand(path, text, size, s, out, &emitted, stderr);
	good = !ferror(out) && fclose(out) == 0 && good;
	if (good)
		fwrite(result, 1, length, stdout);
	free(result);
	return good;
}

int command_expand(int argc, char **argv)
{
	struct bitlet_config c;
	struct bitlet_derived d;
	struct symbols symbols;
	struct texts texts = { .count = 0 };
	char hash[VALUES_HASH_SIZE];
	for (int i = 1; i < argc && i < 3; i++)
		if (argv[i][0] == '-' && argv[i][1])
			return command_refuse("expand", "unknown option '%s'", argv[i]);
	if (argc < 3)
		return command_refuse("expand", "a configuration and a template are needed");
	if (!config_load(argv[1], &c, stderr))
		return EXIT_INPUT;
	bitlet_derive(&c, &d);
	bool good = bitlet_symbols(&c, &d, hash, &symbols) && expand(&symbols, &texts, argv[2], argv + 3, argc - 3);
	symbols_free(&symbols);
	free_texts(&texts);
	return good ? EXIT_GOOD : EXIT_INPUT;
}

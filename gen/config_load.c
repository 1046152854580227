#include "config_load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config_schema.h"
#include "config_value.h"
#include "diagnostic.h"
#include "embed.h"
#include "utf8.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The default name: the file's, without suffix, with other characters made '_'. */
static void name_after(const char *path, char name[BITLET_NAME_SIZE])
{
	const char *base = base_name(path);
	size_t length = strcspn(base, ".");
	if (length >= BITLET_NAME_SIZE)
		length = BITLET_NAME_SIZE - 1;
	for (size_t i = 0; i < length; i++) {
		char ch = base[i];
		bool good = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-';
		name[i] = good ? ch : '_';
	}
	name[length] = '\0';
	if (!length)
		strcpy(name, "config");
}

/* Prints a complaint of config_check() at the place of the value at fault. */
static void place(const struct config_tree *tree, const struct config_complaint *complaint)
{
	const struct config_entry *e = config_tree_find(tree, complaint->key);
	if (!e)
		e = config_tree_find(tree, complaint->other);
	diagnostic(tree->err, tree->path, e ? e->line : tree->line, e ? e->column : tree->column, "%s", complaint->text);
}

static bool parse_tree(struct config_tree *tree, const char *path, const char *text, size_t size, struct bitlet_config *c, FILE *err)
{
	struct config_complaint complaint;
	if (!config_tree_read(tree, path, text, size, err) || !config_values_check(tree) || !config_schema_load(path, text, size, c, err))
		return false;
	if (!*c->name)
		name_after(path, c->name);
	if (config_check(c, &complaint))
		return true;
	place(tree, &complaint);
	return false;
}

bool config_parse(const char *path, const char *text, size_t size, struct bitlet_config *c, FILE *err)
{
	struct config_tree tree;
	if (size > CONFIG_SIZE_LIMIT) {
		diagnostic(err, path, 1, 1, "the file is larger than %d bytes; expected a configuration", CONFIG_SIZE_LIMIT);
		return false;
	}
	if (!utf8_check(path, text, size, err))
		return false;
	bool good = parse_tree(&tree, path, text, size, c, err);
	config_tree_free(&tree);
	return good;
}

static void complain_no_file(const char *path, const char *why, FILE *err)
{
	const char *const *presets = config_presets();
	fprintf(err, "%s:1:1: %s; expected a YAML file or a preset:", path, why);
	for (unsigned i = 0; presets[i]; i++)
		fprintf(err, " %s", presets[i]);
	fputc('\n', err);
}

static bool load_file(const char *path, struct bitlet_config *c, FILE *err)
{
	FILE *f = fopen(path, "rb");
	if (!f) {
		complain_no_file(path, strerror(errno), err);
		return false;
	}
	char *text = malloc(CONFIG_SIZE_LIMIT + 1);
	size_t size = text ? fread(text, 1, CONFIG_SIZE_LIMIT + 1, f) : 0;
	bool good = text && !ferror(f);
	if (!good)
		complain_no_file(path, strerror(errno), err);
	fclose(f); /* only read: nothing to lose */
	good = good && config_parse(path, text, size, c, err);
	free(text);
	return good;
}

bool config_load(const char *path_or_preset, struct bitlet_config *c, FILE *err)
{
	size_t size;
	const char *text = config_preset_text(path_or_preset, &size);
	if (text)
		return config_parse(path_or_preset, text, size, c, err);
	return load_file(path_or_preset, c, err);
}

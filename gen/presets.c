#include "config_load.h"

#include <string.h>

#include "embed.h"

#define FOLDER "gen/presets/"
#define SUFFIX ".yaml"

enum { MAX_PRESETS = 64 };

const struct embedded_file *embedded_find(const char *path)
{
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (!strcmp(f->path, path))
			return f;
	return NULL;
}

const char *const *config_presets(void)
{
	static char names[MAX_PRESETS][BITLET_NAME_SIZE];
	static const char *list[MAX_PRESETS + 1];
	unsigned count = 0;
	for (const struct embedded_file *f = embedded_files; f->path && count < MAX_PRESETS; f++) {
		size_t length = strlen(f->path);
		size_t name = length - strlen(FOLDER) - strlen(SUFFIX);
		if (strncmp(f->path, FOLDER, strlen(FOLDER)) != 0 || name >= BITLET_NAME_SIZE)
			continue;
		memcpy(names[count], f->path + strlen(FOLDER), name);
		names[count][name] = '\0';
		list[count] = names[count];
		count++;
	}
	list[count] = NULL;
	return list;
}

const char *config_preset_text(const char *name, size_t *size)
{
	char path[BITLET_NAME_SIZE + 32];
	int length = snprintf(path, sizeof path, FOLDER "%s" SUFFIX, name);
	const struct embedded_file *f = length < (int)sizeof path ? embedded_find(path) : NULL;
	if (!f)
		return NULL;
	*size = f->size;
	return f->text;
}

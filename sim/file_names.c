#include "file_names.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

static bool is_there(const struct file_names *n, const char *name)
{
	for (size_t i = 0; i < n->count; i++)
		if (!strcmp(n->name[i], name))
			return true;
	return false;
}

static bool grow(struct file_names *n)
{
	if (n->count < n->room)
		return true;
	size_t room = n->room ? 2 * n->room : 16;
	char **more = realloc(n->name, room * sizeof *more);
	if (!more)
		return false;
	n->name = more;
	n->room = room;
	return true;
}

const char *file_names_add(struct file_names *n, const char *value)
{
	char stem[FILE_NAME_MAX + 1], name[FILE_NAME_MAX + 24];
	size_t length = 0;
	for (; value[length] && length < FILE_NAME_MAX; length++)
		stem[length] = is_plain(value[length]) ? value[length] : '_';
	stem[length] = '\0';
	snprintf(name, sizeof name, "%s", length ? stem : "_");
	for (size_t twin = 2; is_there(n, name); twin++)
		snprintf(name, sizeof name, "%s-%zu", length ? stem : "_", twin);
	if (!grow(n) || !(n->name[n->count] = strdup(name)))
		return NULL;
	return n->name[n->count++];
}

void file_names_free(struct file_names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->name[i]);
	free(n->name);
	*n = (struct file_names){0};
}

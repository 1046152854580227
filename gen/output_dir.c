#define _XOPEN_SOURCE 700 /* nftw */

#include "output_dir.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FOLDERS = 16 }; /* descriptors of nftw */

__attribute__((format(printf, 2, 3)))
static bool complain(const struct output_dir *o, const char *format, ...)
{
	va_list arguments;
	fputs("bitlet: ", o->err);
	va_start(arguments, format);
	vfprintf(o->err, format, arguments);
	va_end(arguments);
	fputc('\n', o->err);
	return false;
}

/* malloc'ed; NULL when out of memory. */
__attribute__((format(printf, 1, 2)))
static char *make_text(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *text = length < 0 ? NULL : malloc((size_t)length + 1);
	if (text) {
		va_start(arguments, format);
		vsnprintf(text, (size_t)length + 1, format, arguments);
		va_end(arguments);
	}
	return text;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	(void)kind;
	(void)at;
	return remove(path);
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS); /* best effort: what cannot be removed stays */
}

static void release(struct output_dir *o)
{
	free(o->path);
	free(o->temporary);
	free(o->made);
	*o = (struct output_dir){ .err = o->err };
}

/* Removes the parents that were made, as far as they are empty. */
static void remove_parents(struct output_dir *o)
{
	size_t keep = o->made ? strlen(o->made) : 0;
	for (char *slash = strrchr(o->path, '/'); keep && slash && (size_t)(slash - o->path) >= keep; slash = strrchr(o->path, '/')) {
		*slash = '\0';
		if (rmdir(o->path) != 0)
			break;
	}
}

void output_dir_abandon(struct output_dir *o)
{
	if (o->temporary)
		remove_tree(o->temporary);
	if (o->path)
		remove_parents(o);
	release(o);
}

/* Makes every folder on the way to path. */
static bool make_parents(struct output_dir *o)
{
	for (char *slash = strchr(o->path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		bool made = mkdir(o->path, 0777) == 0;
		bool good = made || errno == EEXIST;
		if (!good)
			complain(o, "%s: %s", o->path, strerror(errno));
		if (made && !o->made) {
			o->made = make_text("%s", o->path);
			good = o->made != NULL || complain(o, "out of memory");
		}
		*slash = '/';
		if (!good)
			return false;
	}
	return true;
}

static bool has_marker(const char *folder, const char *marker, const char *signature)
{
	char *path = make_text("%s/%s", folder, marker);
	char start[128] = "";
	FILE *f = path ? fopen(path, "r") : NULL;
	if (f) {
		size_t size = fread(start, 1, sizeof start - 1, f);
		start[size] = '\0';
		fclose(f); /* only read */
	}
	free(path);
	return f && !strncmp(start, signature, strlen(signature));
}

static bool is_empty(const char *folder)
{
	DIR *d = opendir(folder);
	unsigned entries = 0;
	if (!d)
		return false;
	while (readdir(d))
		entries++;
	closedir(d);
	return entries <= 2;
}

/* A shell that sits in the directory would be left in the old one. */
static bool is_current(const struct stat *status)
{
	struct stat here;
	return stat(".", &here) == 0 && here.st_dev == status->st_dev && here.st_ino == status->st_ino;
}

/* May the directory be written? */
static bool inspect(struct output_dir *o, const char *marker, const char *signature)
{
	struct stat status;
	if (lstat(o->path, &status) != 0)
		return errno == ENOENT || complain(o, "%s: %s", o->path, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return complain(o, "%s is not a directory; expected a new one or an earlier output", o->path);
	if (is_current(&status))
		return complain(o, "%s is the current directory; expected another one", o->path);
	o->replaces = has_marker(o->path, marker, signature);
	if (!o->replaces && !is_empty(o->path))
		return complain(o, "%s holds files that are not an earlier output; expected a new or an empty directory", o->path);
	return true;
}

/* Sets o->path: without slashes at the end, links resolved when it is there already. */
static bool name_path(struct output_dir *o, const char *path)
{
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	if (!length)
		return complain(o, "the output directory has no name");
	o->path = make_text("%.*s", (int)length, path);
	char *real = o->path ? realpath(o->path, NULL) : NULL;
	if (real) {
		free(o->path);
		o->path = real;
	}
	return o->path || complain(o, "out of memory");
}

static bool make_temporary(struct output_dir *o)
{
	const char *slash = strrchr(o->path, '/');
	size_t parent = slash ? (size_t)(slash - o->path) + 1 : 0;
	o->temporary = make_text("%.*s.%s.tmp-%ld", (int)parent, o->path, o->path + parent, (long)getpid());
	if (!o->temporary)
		return complain(o, "out of memory");
	if (mkdir(o->temporary, 0777) == 0)
		return true;
	complain(o, "%s: %s", o->temporary, strerror(errno));
	free(o->temporary); /* not ours: it must not be removed */
	o->temporary = NULL;
	return false;
}

bool output_dir_open(struct output_dir *o, const char *path, const char *marker, const char *signature, FILE *err)
{
	*o = (struct output_dir){ .err = err };
	if (name_path(o, path) && make_parents(o) && inspect(o, marker, signature) && make_temporary(o))
		return true;
	output_dir_abandon(o);
	return false;
}

bool output_dir_folder(struct output_dir *o, const char *name)
{
	char *path = make_text("%s/%s", o->temporary, name);
	bool good = path && mkdir(path, 0777) == 0;
	if (!good)
		complain(o, "%s: %s", name, strerror(errno));
	free(path);
	return good;
}

bool output_dir_write(struct output_dir *o, const char *name, const char *text, size_t size)
{
	char *path = make_text("%s/%s", o->temporary, name);
	FILE *f = path ? fopen(path, "wx") : NULL;
	bool good = f && fwrite(text, 1, size, f) == size;
	int why = errno;
	if (f && fclose(f) != 0 && good) {
		why = errno;
		good = false;
	}
	if (!good)
		complain(o, "%s/%s cannot be written: %s", o->path, name, strerror(why));
	free(path);
	return good;
}

/* Moves what the new output does not have (a simulator built there, a user's notes) from the old directory. */
static void carry_over(const char *old, const char *path)
{
	DIR *d = opendir(old);
	struct dirent *entry;
	while (d && (entry = readdir(d)) != NULL) {
		char *from = make_text("%s/%s", old, entry->d_name);
		char *to = make_text("%s/%s", path, entry->d_name);
		struct stat status;
		if (from && to && lstat(to, &status) != 0 && errno == ENOENT)
			rename(from, to);
		free(from);
		free(to);
	}
	if (d)
		closedir(d);
}

/* Puts the new directory in the place of the old one, which goes aside first and is deleted last. */
static bool exchange(struct output_dir *o)
{
	char *old = make_text("%s-old", o->temporary);
	bool good = old && rename(o->path, old) == 0;
	if (good && rename(o->temporary, o->path) != 0) {
		int why = errno;
		rename(old, o->path);
		errno = why;
		good = false;
	} else if (good) {
		carry_over(old, o->path);
		remove_tree(old);
	}
	free(old);
	return good;
}

bool output_dir_commit(struct output_dir *o)
{
	bool good = o->replaces ? exchange(o) : rename(o->temporary, o->path) == 0;
	if (!good) {
		complain(o, "%s: %s", o->path, strerror(errno));
		output_dir_abandon(o);
		return false;
	}
	release(o);
	return true;
}

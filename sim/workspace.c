#include "workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "derive.h"
#include "embed.h"
#include "generate.h"
#include "process.h"

static bool fail(FILE *err, const char *path)
{
	if (err)
		fprintf(err, "bitlet: %s: %s\n", path, strerror(errno));
	return false;
}

bool make_folder(const char *path, FILE *err)
{
	char part[WORKSPACE_PATH];
	if (strlen(path) >= sizeof part) {
		errno = ENAMETOOLONG;
		return fail(err, path);
	}
	strcpy(part, path);
	for (char *s = part + 1; *s; s++) {
		if (*s != '/')
			continue;
		*s = '\0';
		if (mkdir(part, 0777) < 0 && errno != EEXIST)
			return fail(err, part);
		*s = '/';
	}
	if (mkdir(part, 0777) == 0)
		return true;
	struct stat s;
	if (errno == EEXIST && stat(part, &s) == 0 && !S_ISDIR(s.st_mode))
		errno = ENOTDIR;
	return (errno == EEXIST && access(part, W_OK | X_OK) == 0) || fail(err, part);
}

char *read_whole(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return NULL;
	char *text = NULL;
	size_t have = 0, room = 0;
	for (;;) {
		if (have + 1 >= room) {
			room = room ? 2 * room : 8192;
			char *more = realloc(text, room);
			if (!more)
				break;
			text = more;
		}
		size_t got = fread(text + have, 1, room - have - 1, f);
		if (!got)
			break;
		have += got;
	}
	bool bad = ferror(f) || !text || have + 1 >= room;
	if (fclose(f) != 0 || bad) {
		free(text);
		return NULL;
	}
	text[have] = '\0';
	*size = have;
	return text;
}

bool write_if_changed(const char *path, const char *text, size_t size, FILE *err)
{
	size_t have;
	char *old = read_whole(path, &have);
	bool same = old && have == size && memcmp(old, text, size) == 0;
	free(old);
	if (same)
		return true;
	FILE *f = fopen(path, "wb");
	if (!f)
		return fail(err, path);
	bool good = fwrite(text, 1, size, f) == size;
	return fclose(f) == 0 && good ? true : fail(err, path);
}

uint64_t hash_bytes(uint64_t h, const void *bytes, size_t size)
{
	const unsigned char *b = bytes;
	for (size_t i = 0; i < size; i++) {
		h ^= b[i];
		h *= UINT64_C(0x100000001b3);
	}
	return h;
}

bool workspace_path(const struct workspace *w, char *path, FILE *err, const char *format, ...)
{
	int used = snprintf(path, WORKSPACE_PATH, "%s/", w->dir);
	va_list list;
	va_start(list, format);
	if (used > 0 && used < WORKSPACE_PATH)
		used += vsnprintf(path + used, (size_t)(WORKSPACE_PATH - used), format, list);
	va_end(list);
	if (used > 0 && used < WORKSPACE_PATH)
		return true;
	errno = ENAMETOOLONG;
	return fail(err, w->dir);
}

/* Is the line of filelist.f a source, and of that part? The engine's templates are not in rtl_templates/core/. */
static bool is_wanted(const char *line, enum rtl_part part)
{
	char template[WORKSPACE_PATH];
	if (line[0] == '#' || line[0] == '/' || line[0] == '+' || line[0] == '-')
		return false;
	snprintf(template, sizeof template, "rtl_templates/core/%s", strncmp(line, "rtl/", 4) ? line : line + 4);
	return part == RTL_ALL || !embedded_find(template);
}

char **rtl_files(const struct workspace *w, enum rtl_part part)
{
	char path[WORKSPACE_PATH];
	size_t size, count = 0;
	if (!workspace_path(w, path, stderr, "generated/filelist.f"))
		return NULL;
	char *text = read_whole(path, &size);
	if (!text)
		return NULL;
	for (size_t i = 0; i < size; i++)
		count += text[i] == '\n';
	/* the pointers first, then the text that they point into */
	char **list = malloc((count + 2) * sizeof *list + size + 1);
	if (list) {
		char *copy = memcpy(list + count + 2, text, size + 1);
		size_t files = 0;
		char *save = NULL;
		for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
			if (is_wanted(line, part))
				list[files++] = line;
		list[files] = NULL;
	}
	free(text);
	return list;
}

uint64_t hash_rtl(const struct workspace *w, enum rtl_part part, uint64_t h)
{
	char **files = rtl_files(w, part);
	for (size_t i = 0; files && files[i]; i++) {
		char path[WORKSPACE_PATH];
		size_t size;
		char *text = workspace_path(w, path, stderr, "generated/%s", files[i]) ? read_whole(path, &size) : NULL;
		h = hash_bytes(h, files[i], strlen(files[i]) + 1);
		h = text ? hash_bytes(h, text, size) : 0;
		free(text);
	}
	free(files);
	return files ? h : 0;
}

static bool choose_root(struct workspace *w, FILE *err)
{
	const char *set = getenv("BITLET_BUILD");
	struct stat s;
	if (set && *set) {
		snprintf(w->root, sizeof w->root, "%s", set);
		return strlen(set) < sizeof w->root || (errno = ENAMETOOLONG, fail(err, set));
	}
	if (stat("build", &s) == 0 && S_ISDIR(s.st_mode) && access("build", W_OK) == 0) {
		strcpy(w->root, "build");
		return true;
	}
	const char *tmp = getenv("TMPDIR");
	snprintf(w->root, sizeof w->root, "%s/bitlet-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	w->temporary = mkdtemp(w->root) != NULL;
	return w->temporary || fail(err, w->root);
}

/* One process at a time: others wait here, then find what the first one built. */
static bool take_lock(struct workspace *w, FILE *err)
{
	char path[WORKSPACE_PATH];
	if (snprintf(path, sizeof path, "%s.lock", w->dir) >= (int)sizeof path) { /* beside it: the folder itself is the generator's */
		errno = ENAMETOOLONG;
		return fail(err, w->dir);
	}
	w->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	if (w->lock < 0 || fcntl(w->lock, F_SETLKW, &whole) < 0)
		return fail(err, path);
	return true;
}

bool workspace_open(struct workspace *w, const struct bitlet_config *c, FILE *err)
{
	struct bitlet_derived d;
	memset(w, 0, sizeof *w);
	w->lock = -1;
	if (!choose_root(w, err))
		return false;
	bitlet_derive(c, &d);
	snprintf(w->dir, sizeof w->dir, "%s/%s-%08" PRIx64, w->root, c->name, d.hash & UINT32_MAX);
	char path[WORKSPACE_PATH];
	return make_folder(w->dir, err) && take_lock(w, err) && workspace_path(w, path, err, "generated") && generate(c, path, err);
}

void workspace_unlock(struct workspace *w)
{
	if (w->lock >= 0)
		close(w->lock);
	w->lock = -1;
}

void workspace_close(struct workspace *w)
{
	workspace_unlock(w);
	if (w->temporary) {
		struct args a = {.count = 0};
		args_add(&a, "rm");
		args_add(&a, "-rf");
		args_add(&a, "%s", w->root);
		process_run(&a, NULL, "/dev/null", stderr);
		args_free(&a);
	}
	w->temporary = false;
}

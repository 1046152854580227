#include "process.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TAIL_BYTES = 3000, NOT_FOUND = 127 };

void args_add(struct args *a, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int size = vsnprintf(NULL, 0, format, list);
	va_end(list);
	assert(size >= 0 && a->count + 1 < ARGS_MAX);
	char *text = malloc((size_t)size + 1);
	if (!text)
		abort();
	va_start(list, format);
	vsnprintf(text, (size_t)size + 1, format, list);
	va_end(list);
	a->arg[a->count++] = text;
	a->arg[a->count] = NULL;
}

bool args_add_path(struct args *a, const char *prefix, const char *path)
{
	char here[PATH_MAX] = "";
	if (path[0] != '/' && !getcwd(here, sizeof here)) {
		fprintf(stderr, "bitlet: %s: the working folder has no name\n", path);
		return false;
	}
	args_add(a, "%s%s%s%s", prefix, here, path[0] == '/' ? "" : "/", path);
	return true;
}

void args_free(struct args *a)
{
	for (size_t i = 0; i < a->count; i++)
		free(a->arg[i]);
	a->count = 0;
}

static void print_tail(const char *path, FILE *err)
{
	FILE *f = fopen(path, "r");
	if (!f)
		return;
	char text[TAIL_BYTES + 1];
	fseek(f, 0, SEEK_END);
	long size = ftell(f);
	fseek(f, size > TAIL_BYTES ? size - TAIL_BYTES : 0, SEEK_SET);
	size_t got = fread(text, 1, TAIL_BYTES, f);
	text[got] = '\0';
	fputs(text, err);
	fclose(f);
}

static void become(const struct args *a, const char *dir, int log)
{
	if (dir && chdir(dir) < 0)
		_exit(NOT_FOUND);
	int null = open("/dev/null", O_RDONLY);
	dup2(null, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	execvp(a->arg[0], a->arg);
	_exit(NOT_FOUND);
}

bool process_run(const struct args *a, const char *dir, const char *log, FILE *err)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		fprintf(err, "bitlet: %s: %s\n", log, strerror(errno));
		return false;
	}
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		become(a, dir, fd);
	close(fd);
	int status = -1;
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		fprintf(err, "bitlet: %s cannot be run; is it installed? (make setup)\n", a->arg[0]);
	else
		fprintf(err, "bitlet: %s failed, its output is in %s and ends with:\n", a->arg[0], log);
	print_tail(log, err);
	return false;
}

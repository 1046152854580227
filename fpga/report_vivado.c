#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "json_file.h"
#include "report_modes.h"
#include "vivado_report.h"

static int is_report(const struct dirent *e)
{
	size_t n = strlen(e->d_name);
	return n > 4 && !strcmp(e->d_name + n - 4, ".rpt");
}

static bool add_file(struct vivado_report *r, const char *dir, const char *name)
{
	size_t size = strlen(dir) + strlen(name) + 2;
	char *path = malloc(size);
	if (!path) {
		fputs("bitlet report: out of memory\n", r->err);
		return false;
	}
	snprintf(path, size, "%s/%s", dir, name);
	bool good = vivado_report_add(r, path);
	free(path);
	return good;
}

/* All *.rpt, in the order of their names. */
static bool add_dir(struct vivado_report *r, const char *dir)
{
	struct dirent **entry;
	int n = scandir(dir, &entry, is_report, alphasort);
	if (n <= 0) {
		fprintf(r->err, "bitlet report: %s: %s\n", dir, n < 0 ? strerror(errno) : "no *.rpt in it");
		if (n == 0)
			free(entry);
		return false;
	}
	bool good = true;
	for (int i = 0; i < n; i++) {
		good = good && add_file(r, dir, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	return good;
}

static bool add(struct vivado_report *r, const char *path)
{
	struct stat s;
	return stat(path, &s) == 0 && S_ISDIR(s.st_mode) ? add_dir(r, path) : vivado_report_add(r, path);
}

static bool write_json(const struct vivado_report *r, const char *path)
{
	cJSON *o = vivado_object(r);
	bool good = json_write(o, path, "report", r->err);
	cJSON_Delete(o);
	return good;
}

/* Reads all, prints what they say. */
static int report_all(char *const *path, int count, const char *json)
{
	struct vivado_report r = { .err = stderr };
	bool good = true;
	for (int i = 0; good && i < count; i++)
		good = add(&r, path[i]);
	if (good)
		vivado_print(&r, stdout);
	if (good && json)
		good = write_json(&r, json);
	int status = !good ? EXIT_INPUT : r.timing.known && !r.timing.met ? EXIT_NO : EXIT_GOOD;
	vivado_report_free(&r);
	return status;
}

int report_vivado(int argc, char **argv)
{
	static const struct option rows[] = { { "json", required_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
	const char *json = NULL;
	optind = 0; /* from the start, whoever has parsed before */
	for (int option; (option = getopt_long(argc, argv, "", rows, NULL)) != -1;) {
		if (option != 'j')
			return EXIT_INPUT; /* getopt has said why */
		json = optarg;
	}
	if (optind == argc)
		return command_refuse("report", "no report is given");
	return report_all(argv + optind, argc - optind, json);
}

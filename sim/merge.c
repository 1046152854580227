/*
 * merge.c: `bitlet merge`: the reports of a run's shards become one.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "json_file.h"
#include "merge_report.h"
#include "workspace.h"

const char command_merge_help[] =
	"usage: bitlet merge REPORT... -o FILE\n"
	"\n"
	"Joins the reports that `bitlet run MODEL --shard K/N --json REPORT` wrote, one a shard, into FILE (JSON), and prints\n"
	"a table: for each layer the units (docs/shards.md) that there are, that the run chose, that were verified, the cycles\n"
	"of those, and whether all were equal. Reports must be of one run: same model, configuration, input, sample and N.\n"
	"\n"
	"  -o, --output FILE   where to write\n"
	"  --help              this text\n"
	"\n"
	"Exit status: 0 every chosen unit was verified exactly once and nothing differed, 1 something differed, is missing or\n"
	"came twice, 2 a file is no such report or of another run.\n";

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0},
};

static bool fail(const struct fault *f)
{
	fprintf(stderr, "bitlet merge: %s\n", f->text);
	return false;
}

static cJSON *load(const char *path, struct fault *f)
{
	size_t size;
	errno = 0;
	char *text = read_whole(path, &size);
	cJSON *o = text ? cJSON_ParseWithLengthOpts(text, size + 1, NULL, true) : NULL; /* nothing behind it */
	if (!text)
		fault_set(f, "%s: %s", path, errno ? strerror(errno) : "cannot be read");
	else if (!o)
		fault_set(f, "%s: not JSON; expected the report of bitlet run MODEL --shard K/N --json FILE", path);
	free(text);
	return o;
}

/* The first report stays: the merge refers to it. */
static bool add_all(struct merge *m, cJSON **first, char *const *path, int count, struct fault *f)
{
	*first = load(path[0], f);
	if (!*first || !merge_start(m, *first, path[0], f) || !merge_add(m, *first, path[0], f))
		return false;
	for (int i = 1; i < count; i++) {
		cJSON *report = load(path[i], f);
		bool good = report && merge_add(m, report, path[i], f);
		cJSON_Delete(report);
		if (!good)
			return false;
	}
	return true;
}

static int merge_files(char *const *path, int count, const char *output)
{
	struct merge m = {.first = NULL};
	struct fault f = {""};
	cJSON *first = NULL, *object = NULL;
	int status = EXIT_INPUT;
	if (!add_all(&m, &first, path, count, &f)) {
		fail(&f);
	} else {
		bool good = merge_finish(&m);
		object = merge_object(&m);
		merge_print(&m, stdout);
		status = !json_write(object, output, "merge", stderr) ? EXIT_INPUT : good ? EXIT_GOOD : EXIT_NO;
	}
	cJSON_Delete(object);
	merge_free(&m);
	cJSON_Delete(first);
	return status;
}

int command_merge(int argc, char **argv)
{
	const char *output = NULL;
	optind = 0; /* from the start, whoever has parsed before */
	for (int option; (option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1;) {
		if (option == 'h') {
			fputs(command_merge_help, stdout);
			return EXIT_GOOD;
		}
		if (option != 'o')
			return EXIT_INPUT;
		output = optarg;
	}
	if (optind == argc)
		return command_refuse("merge", "no report given");
	if (!output)
		return command_refuse("merge", "no -o FILE given");
	return merge_files(argv + optind, argc - optind, output);
}

/*
 * command.h: the verbs of the program. One row a verb in command.c; everything else (help, dispatch) follows from the rows.
 */
#ifndef BITLET_COMMAND_H
#define BITLET_COMMAND_H

#include <stddef.h>

/* Of the program and of the cores that it makes. */
#define BITLET_VERSION_MAJOR 0
#define BITLET_VERSION_MINOR 1
#define BITLET_VERSION_PATCH 0
#define BITLET_VERSION_TEXT(major, minor, patch) BITLET_VERSION_WORDS(major, minor, patch)
#define BITLET_VERSION_WORDS(major, minor, patch) #major "." #minor "." #patch
#define BITLET_VERSION BITLET_VERSION_TEXT(BITLET_VERSION_MAJOR, BITLET_VERSION_MINOR, BITLET_VERSION_PATCH)

/* Exit codes. */
enum {
	EXIT_GOOD = 0,
	EXIT_NO = 1,                /* the answer is no (a mismatch) */
	EXIT_INPUT = 2,             /* what the user gave is at fault, or cannot be written */
};

/*
 * A verb. run() gets argv[0] = the verb's name, returns an exit code, and handles every option but --help and --version, which the dispatcher answers when
 * they are argv[1].
 */
struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;        /* one line for `bitlet --help` */
	const char *help;           /* the whole of `bitlet NAME --help` */
};

/* Ends with a row whose name is NULL. */
extern const struct command commands[];

/* NULL when there is no such verb. */
const struct command *command_find(const char *name);

/* Prints "bitlet VERB: message; try 'bitlet VERB --help'" to stderr and returns EXIT_INPUT. */
__attribute__((format(printf, 2, 3)))
int command_refuse(const char *verb, const char *format, ...);

int command_gen(int argc, char **argv);
int command_presets(int argc, char **argv);
int command_help(int argc, char **argv);
int command_expand(int argc, char **argv);
extern const char command_expand_help[];
int command_check(int argc, char **argv); /* sim/check.c */
extern const char command_check_help[];   /* sim/options.c */
int command_run(int argc, char **argv);   /* sim/run.c */
extern const char command_run_help[];     /* sim/run_help.c */
int command_merge(int argc, char **argv); /* sim/merge.c */
extern const char command_merge_help[];
int command_quantize(int argc, char **argv); /* sim/quantize_command.c */
extern const char command_quantize_help[]; /* sim/quantize_options.c */
int command_inspect(int argc, char **argv); /* sim/inspect.c */
extern const char command_inspect_help[];
int command_stats(int argc, char **argv); /* sim/stats.c */
extern const char command_stats_help[];
int command_report(int argc, char **argv); /* fpga/report.c */
extern const char command_report_help[];

#endif

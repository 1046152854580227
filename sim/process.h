/*
 * process.h: runs a tool (verilator, iverilog, vvp) and keeps what it prints.
 */
#ifndef BITLET_PROCESS_H
#define BITLET_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { ARGS_MAX = 256 };

/* An argument vector that is put together piece by piece. */
struct args {
	char *arg[ARGS_MAX];        /* NULL-terminated */
	size_t count;
};

/* Adds a copy of the formatted text; exits the list silently full never: asserts. */
__attribute__((format(printf, 2, 3)))
void args_add(struct args *a, const char *format, ...);
/* Adds prefix and a path as tools need it that run in another folder. False after a message on stderr when the working folder has no name. */
bool args_add_path(struct args *a, const char *prefix, const char *path);
void args_free(struct args *a);

/*
 * Runs a->arg[0] (found by PATH) in folder `dir` (NULL: here), its output into the file `log`. True when it exits with 0. Otherwise a message
 * and the log's end go to err.
 */
bool process_run(const struct args *a, const char *dir, const char *log, FILE *err);

#endif

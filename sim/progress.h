/*
 * progress.h: a line on a terminal with the share done and the time left, for what takes more than two seconds.
 */
#ifndef BITLET_PROGRESS_H
#define BITLET_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *to;                   /* NULL: silent */
	double begin, shown;        /* seconds */
	uint64_t total, done;       /* work, in any unit */
	bool visible;               /* a line stands there */
};

/* Silent when `to` is no terminal. */
void progress_start(struct progress *p, FILE *to, uint64_t total);
/* So much more is done; `what` comes next. */
void progress_step(struct progress *p, uint64_t work, const char *what);
/* Wipes the line, so that something else may be printed. */
void progress_clear(struct progress *p);

/* Seconds of a clock that only goes forward. */
double progress_now(void);
/* "1:02:03", "2:03", "12 s". */
char *progress_time(double seconds, char text[32]);

#endif

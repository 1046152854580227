/*
 * parallel.h: a range of independent work, shared among threads.
 */
#ifndef BITLET_PARALLEL_H
#define BITLET_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

enum { PARALLEL_MAX = 64 };     /* threads; more are not used */

/*
 * Calls f(context, first, last) on stretches of 0 .. count - 1, last excluded, none of them empty, that cover it once: one stretch a thread. 0 and 1
 * thread, or one piece of work: all of it here. Returns when all are done: true when every call was. What gets no thread of its own is done here.
 */
bool parallel_run(size_t count, unsigned threads, bool (*f)(void *context, size_t first, size_t last), void *context);

#endif

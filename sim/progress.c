#include "progress.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

double progress_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

char *progress_time(double seconds, char text[32])
{
	uint64_t s = seconds > 0 && seconds < 1e12 ? (uint64_t)(seconds + 0.5) : 0;
	if (s < 60)
		snprintf(text, 32, "%" PRIu64 " s", s);
	else if (s < 3600)
		snprintf(text, 32, "%" PRIu64 ":%02" PRIu64, s / 60, s % 60);
	else
		snprintf(text, 32, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600, s / 60 % 60, s % 60);
	return text;
}

void progress_start(struct progress *p, FILE *to, uint64_t total)
{
	double now = progress_now();
	*p = (struct progress){.to = isatty(fileno(to)) ? to : NULL, .begin = now, .shown = now, .total = total};
}

void progress_step(struct progress *p, uint64_t work, const char *what)
{
	char left[32];
	double now = progress_now();
	p->done += work;
	if (!p->to || now - p->begin < 2 || (p->visible && now - p->shown < 0.2) || !p->done || !p->total)
		return;
	double share = p->done < p->total ? (double)p->done / (double)p->total : 1;
	fprintf(p->to, "\r\033[K%3.0f%%, %s left, %.60s", 100 * share, progress_time((now - p->begin) * (1 - share) / share, left), what);
	fflush(p->to);
	p->visible = true;
	p->shown = now;
}

void progress_clear(struct progress *p)
{
	if (p->visible)
		fputs("\r\033[K", p->to);
	p->visible = false;
}

#include "parallel.h"

#include <pthread.h>

struct share {
	bool (*f)(void *context, size_t first, size_t last);
	void *context;
	size_t first, last;
	bool good;
};

static void *run_share(void *data)
{
	struct share *s = data;
	s->good = s->f(s->context, s->first, s->last);
	return NULL;
}

bool parallel_run(size_t count, unsigned threads, bool (*f)(void *context, size_t first, size_t last), void *context)
{
	pthread_t thread[PARALLEL_MAX];
	struct share share[PARALLEL_MAX];
	bool started[PARALLEL_MAX], good = true;
	size_t shares = threads > PARALLEL_MAX ? PARALLEL_MAX : threads;
	shares = shares > count ? count : shares;
	if (shares < 2)
		return !count || f(context, 0, count);
	for (size_t i = 0, first = 0; i < shares; i++) {
		size_t last = first + (count - first) / (shares - i);
		share[i] = (struct share){f, context, first, last, false};
		first = last;
		/* the first share is done here */
		started[i] = i > 0 && pthread_create(&thread[i], NULL, run_share, &share[i]) == 0;
	}
	for (size_t i = 0; i < shares; i++)
		if (!started[i])
			run_share(&share[i]);
	for (size_t i = 0; i < shares; i++) {
		if (started[i])
			pthread_join(thread[i], NULL);
		good = good && share[i].good;
	}
	return good;
}

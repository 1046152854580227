#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_whole(int fd, char *data, size_t size)
{
	size_t at = 0;
	while (at < size) {
		ssize_t n = read(fd, data + at, size - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (n == 0)
				errno = EIO; /* it became shorter while we read */
			return false;
		}
		at += (size_t)n;
	}
	return true;
}

static void *load_open(int fd, const char *path, size_t limit, size_t *size, struct fault *f)
{
	struct stat s;
	if (fstat(fd, &s) != 0)
		return fault_set(f, "%s: %s", path, strerror(errno)), NULL;
	if (!S_ISREG(s.st_mode))
		return fault_set(f, "%s: is no regular file", path), NULL;
	if ((uint64_t)s.st_size > limit)
		return fault_set(f, "%s: %lld bytes; at most %zu are possible", path, (long long)s.st_size, limit), NULL;
	*size = (size_t)s.st_size;
	char *data = malloc(*size ? *size : 1);
	if (!data)
		return fault_set(f, "%s: out of memory for %zu bytes", path, *size), NULL;
	if (read_whole(fd, data, *size))
		return data;
	fault_set(f, "%s: %s", path, strerror(errno));
	free(data);
	return NULL;
}

void *file_load(const char *path, size_t limit, size_t *size, struct fault *f)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fault_set(f, "%s: %s", path, strerror(errno)), NULL;
	void *data = load_open(fd, path, limit, size, f);
	close(fd);
	return data;
}

bool file_save(const char *path, const void *head, size_t head_size, const void *body, size_t body_size, struct fault *f)
{
	size_t length = strlen(path) + sizeof ".tmp";
	char *temporary = malloc(length);
	if (!temporary)
		return fault_set(f, "%s: out of memory", path);
	snprintf(temporary, length, "%s.tmp", path);
	FILE *out = fopen(temporary, "wb");
	bool good = out && fwrite(head, 1, head_size, out) == head_size && fwrite(body, 1, body_size, out) == body_size;
	int error = errno;
	if (out && fclose(out) != 0 && good) {
		good = false;
		error = errno;
	}
	if (good && rename(temporary, path) != 0) {
		good = false;
		error = errno;
	}
	if (!good) {
		fault_set(f, "%s: %s", path, strerror(error));
		if (out)
			remove(temporary);
	}
	free(temporary);
	return good;
}

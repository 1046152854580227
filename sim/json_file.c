#include "json_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool json_writable(const char *path)
{
	struct stat s;
	if (stat(path, &s) == 0) {
		bool folder = S_ISDIR(s.st_mode), good = !folder && access(path, W_OK) == 0;
		errno = folder ? EISDIR : errno;
		return good;
	}
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (file < 0)
		return false;
	close(file);
	unlink(path);
	return true;
}

bool json_write(const cJSON *o, const char *path, const char *verb, FILE *err)
{
	char *text = cJSON_Print(o);
	FILE *f = text ? fopen(path, "w") : NULL;
	bool good = f && fprintf(f, "%s\n", text) > 0;
	if (f && fclose(f) != 0)
		good = false;
	if (!good)
		fprintf(err, "bitlet %s: %s: %s\n", verb, path, strerror(errno));
	free(text);
	return good;
}

#include "json_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

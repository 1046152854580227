#include "tensor_dump.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "workspace.h"

uint32_t tensor_crc(const struct tensor *t)
{
	uint32_t table[16], crc = 0xffffffff;
	const uint8_t *p = t->data;
	for (uint32_t i = 0; i < 16; i++) {
		uint32_t v = i;
		for (int k = 0; k < 4; k++)
			v = v >> 1 ^ (v & 1 ? 0xedb88320 : 0);
		table[i] = v;
	}
	for (size_t i = 0, n = t->count * tensor_type_bytes(t->type); i < n; i++) {
		crc ^= p[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

bool tensor_dump_open(struct tensor_dump *d, const char *dir, struct fault *f)
{
	*d = (struct tensor_dump){.dir = dir};
	if (!make_folder(dir, NULL))
		return fault_set(f, "--tensors %s: %s; expected a folder, or where one can be made", dir, strerror(errno));
	d->index = open_memstream(&d->text, &d->size);
	if (!d->index)
		return fault_set(f, "out of memory");
	fputs("file\tname\ttype\tshape\tcrc32\n", d->index);
	return true;
}

static bool path_of(const struct tensor_dump *d, const char *name, const char *end, char path[WORKSPACE_PATH], struct fault *f)
{
	return snprintf(path, WORKSPACE_PATH, "%s/%s%s", d->dir, name, end) < WORKSPACE_PATH || fault_set(f, "--tensors %s: the name is too long", d->dir);
}

bool tensor_dump_add(struct tensor_dump *d, const char *name, const struct tensor *t, struct fault *f)
{
	char path[WORKSPACE_PATH], shape[160];
	const char *file = file_names_add(&d->names, name);
	if (!file)
		return fault_set(f, "out of memory");
	if (!path_of(d, file, ".npy", path, f) || !npy_save(path, t, f))
		return false;
	fprintf(d->index, "%s.npy\t", file);
	for (; *name; name++) /* one line, five columns, whatever the name */
		fputc((unsigned char)*name < ' ' ? '?' : *name, d->index);
	fprintf(d->index, "\t%s\t%s\t%08" PRIx32 "\n", tensor_type_name(t->type), tensor_shape_text(t->rank, t->dim, shape, sizeof shape), tensor_crc(t));
	return true;
}

bool tensor_dump_finish(struct tensor_dump *d, struct fault *f)
{
	char path[WORKSPACE_PATH];
	bool good = fclose(d->index) == 0 || fault_set(f, "out of memory");
	d->index = NULL;
	return good && path_of(d, "index", ".tsv", path, f) && file_save(path, d->text, d->size, "", 0, f);
}

void tensor_dump_free(struct tensor_dump *d)
{
	if (d->index)
		fclose(d->index);
	free(d->text);
	file_names_free(&d->names);
	*d = (struct tensor_dump){0};
}

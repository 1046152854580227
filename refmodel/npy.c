/* The .npy half of tensor.h. The format: magic, version, header length, a Python dictionary, data. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "tensor.h"

enum { PREFIX = 8, HEADER_MAX = 1 << 16 };
static const char magic[6] = {'\x93', 'N', 'U', 'M', 'P', 'Y'};

static const char *const codes[TENSOR_TYPE_COUNT] = {
#define X(symbol, c, name, npy, onnx) npy,
	TENSOR_TYPES(X)
#undef X
};

/* The text behind 'key':, or NULL. The header is a flat dictionary, so that no nesting needs to be known. */
static const char *value_of(const char *header, const char *key)
{
	const char *at = strstr(header, key);
	if (!at)
		return NULL;
	at += strlen(key);
	while (*at == ' ' || *at == ':')
		at++;
	return at;
}

static bool parse_type(const char *header, enum tensor_type *t, struct fault *f)
{
	const char *v = value_of(header, "'descr'");
	if (!v || *v != '\'' || strlen(v) < 5)
		return fault_set(f, "header without a plain 'descr'; expected an array of one type");
	for (unsigned i = 0; i < TENSOR_TYPE_COUNT; i++)
		if (!strncmp(v + 2, codes[i], 2) && v[4] == '\'' && (v[1] == '<' || v[1] == '|' || (v[1] == '=' && codes[i][1] == '1'))) {
			*t = (enum tensor_type)i;
			return true;
		}
	return fault_set(f, "element type %.6s; expected little-endian f4, f8, u1, u2, i1, i2, i4, i8 or b1", v);
}

static bool parse_shape(const char *header, size_t *rank, int64_t dim[TENSOR_MAX_RANK], struct fault *f)
{
	const char *v = value_of(header, "'shape'");
	if (!v || *v++ != '(')
		return fault_set(f, "header without 'shape'");
	for (*rank = 0;; (*rank)++) {
		while (*v == ' ' || *v == ',')
			v++;
		if (*v == ')')
			return true;
		if (!isdigit((unsigned char)*v) || *rank == TENSOR_MAX_RANK)
			return fault_set(f, "shape %.40s; expected at most %d numbers", value_of(header, "'shape'"), TENSOR_MAX_RANK);
		int64_t n = 0;
		for (; isdigit((unsigned char)*v); v++) {
			if (n > INT64_MAX / 10 - 1)
				return fault_set(f, "a dimension in shape %.40s is too large", value_of(header, "'shape'"));
			n = n * 10 + (*v - '0');
		}
		dim[*rank] = n;
	}
}

static struct tensor *parse_body(const char *header, const char *body, size_t size, struct fault *f)
{
	enum tensor_type type = TENSOR_FLOAT32;
	size_t rank = 0, count = 0;
	int64_t dim[TENSOR_MAX_RANK];
	const char *order = value_of(header, "'fortran_order'");
	if (!order || strncmp(order, "False", 5) != 0) {
		fault_set(f, "Fortran order; expected C order (numpy.ascontiguousarray)");
		return NULL;
	}
	if (!parse_type(header, &type, f) || !parse_shape(header, &rank, dim, f) || !tensor_count(type, rank, dim, &count, f))
		return NULL;
	if (size != count * tensor_type_bytes(type)) {
		fault_set(f, "%zu bytes of data; the header promises %zu", size, count * tensor_type_bytes(type));
		return NULL;
	}
	struct tensor *t = tensor_new(type, rank, dim, f);
	if (t && size)
		memcpy(t->data, body, size);
	return t;
}

struct tensor *npy_parse(const void *data, size_t size, struct fault *f)
{
	const unsigned char *p = data;
	if (size < PREFIX + 4 || memcmp(p, magic, sizeof magic) != 0 || p[6] < 1 || p[6] > 3) {
		fault_set(f, "is no .npy file (version 1 to 3)");
		return NULL;
	}
	size_t start = p[6] == 1 ? PREFIX + 2 : PREFIX + 4;
	size_t length = (size_t)p[8] | (size_t)p[9] << 8;
	if (p[6] > 1)
		length |= (size_t)p[10] << 16 | (size_t)p[11] << 24;
	if (length > HEADER_MAX || length > size - start) {
		fault_set(f, "the header of %zu bytes is cut off or too long", length);
		return NULL;
	}
	char *header = malloc(length + 1);
	if (!header) {
		fault_set(f, "out of memory");
		return NULL;
	}
	memcpy(header, p + start, length);
	header[length] = '\0';
	struct tensor *t = parse_body(header, (const char *)p + start + length, size - start - length, f);
	free(header);
	return t;
}

struct tensor *npy_load(const char *path, struct fault *f)
{
	size_t size;
	void *data = file_load(path, (size_t)TENSOR_MAX_BYTES + HEADER_MAX + PREFIX + 4, &size, f);
	if (!data)
		return NULL;
	struct tensor *t = npy_parse(data, size, f);
	free(data);
	if (!t)
		fault_prefix(f, path);
	return t;
}

bool npy_save(const char *path, const struct tensor *t, struct fault *f)
{
	/* magic, version 1.0, length, dictionary, spaces up to a multiple of 64, newline */
	char head[512], shape[256] = "";
	size_t at = 0;
	for (unsigned i = 0; i < t->rank; i++)
		at += (size_t)snprintf(shape + at, sizeof shape - at, "%s%lld", i ? ", " : "", (long long)t->dim[i]);
	size_t bytes = tensor_type_bytes(t->type);
	int used = snprintf(head + 10, sizeof head - 10, "{'descr': '%c%s', 'fortran_order': False, 'shape': (%s%s), }",
	                    bytes == 1 ? '|' : '<', codes[t->type], shape, t->rank == 1 ? "," : "");
	size_t end = 10 + (size_t)used, total = (end + 1 + 63) / 64 * 64;
	memset(head + end, ' ', total - end);
	head[total - 1] = '\n';
	memcpy(head, magic, sizeof magic);
	head[6] = 1;
	head[7] = 0;
	head[8] = (char)((total - 10) & 0xff);
	head[9] = (char)((total - 10) >> 8);
	return file_save(path, head, total, t->data, t->count * bytes, f);
}

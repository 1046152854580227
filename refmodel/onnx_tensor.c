#include "onnx_tensor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool onnx_tensor_type(int32_t data_type, enum tensor_type *t, struct fault *f)
{
	switch (data_type) {
#define X(symbol, c, name, npy, onnx) \
	case onnx: \
		*t = TENSOR_##symbol; \
		return true;
		TENSOR_TYPES(X)
#undef X
	default:
		return fault_set(f, "element type %d; expected float32, float64, (u)int8, (u)int16, int32, int64 or bool", data_type);
	}
}

/* ---- typed fields: small integers travel as int32 */

static bool count_is(size_t have, const struct tensor *t, struct fault *f)
{
	return have == t->count || fault_set(f, "%zu elements of data; its shape has %zu", have, t->count);
}

static bool from_int32(const Onnx__TensorProto *p, struct tensor *t, struct fault *f)
{
	if (!count_is(p->n_int32_data, t, f))
		return false;
	for (size_t i = 0; i < t->count; i++) {
		int32_t v = p->int32_data[i];
		switch (t->type) {
		case TENSOR_UINT8:
		case TENSOR_BOOL:
			((uint8_t *)t->data)[i] = (uint8_t)v;
			break;
		case TENSOR_INT8:
			((int8_t *)t->data)[i] = (int8_t)v;
			break;
		case TENSOR_UINT16:
			((uint16_t *)t->data)[i] = (uint16_t)v;
			break;
		case TENSOR_INT16:
			((int16_t *)t->data)[i] = (int16_t)v;
			break;
		default:
			((int32_t *)t->data)[i] = v;
		}
	}
	return true;
}

static bool from_array(const void *data, size_t have, struct tensor *t, struct fault *f)
{
	if (!count_is(have, t, f))
		return false;
	if (have)
		memcpy(t->data, data, have * tensor_type_bytes(t->type));
	return true;
}

static bool from_fields(const Onnx__TensorProto *p, struct tensor *t, struct fault *f)
{
	switch (t->type) {
	case TENSOR_FLOAT32:
		return from_array(p->float_data, p->n_float_data, t, f);
	case TENSOR_FLOAT64:
		return from_array(p->double_data, p->n_double_data, t, f);
	case TENSOR_INT64:
		return from_array(p->int64_data, p->n_int64_data, t, f);
	default:
		return from_int32(p, t, f);
	}
}

static size_t field_count(const Onnx__TensorProto *p)
{
	size_t most = p->n_float_data;
	const size_t others[] = {p->n_double_data, p->n_int64_data, p->n_int32_data};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		most = others[i] > most ? others[i] : most;
	return most;
}

/* ---- external data */

struct external {
	const char *location;
	uint64_t offset;
	uint64_t length;
	bool has_length;
};

static bool number_of(const char *key, const char *text, uint64_t *n, struct fault *f)
{
	char *end;
	errno = 0;
	unsigned long long v = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || v > INT64_MAX)
		return fault_set(f, "external data: %.20s '%.40s'; expected a number", key, text);
	*n = v;
	return true;
}

static bool external_parse(const Onnx__TensorProto *p, struct external *e, struct fault *f)
{
	*e = (struct external){NULL, 0, 0, false};
	for (size_t i = 0; i < p->n_external_data; i++) {
		const char *key = p->external_data[i]->key, *value = p->external_data[i]->value;
		if (!key || !value)
			continue;
		if (!strcmp(key, "location"))
			e->location = value;
		else if (!strcmp(key, "offset") && !number_of(key, value, &e->offset, f))
			return false;
		else if (!strcmp(key, "length") && !(e->has_length = number_of(key, value, &e->length, f)))
			return false;
	}
	return e->location || fault_set(f, "external data without a location");
}

/*
 * Opens a file below folder, one component after the other and never through a symbolic link, so that it cannot lie elsewhere.
 * -1 with errno set.
 */
static int open_below(const char *folder, const char *path)
{
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (at >= 0) {
		char name[NAME_MAX + 1];
		size_t length = strcspn(path, "/");
		bool last = path[length] == '\0';
		int next = -1;
		if (length == 0 || length > NAME_MAX || (length == 2 && !strncmp(path, "..", 2))) {
			errno = EACCES;
		} else {
			memcpy(name, path, length);
			name[length] = '\0';
			next = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (last ? O_NONBLOCK : O_DIRECTORY));
		}
		int error = errno;
		close(at);
		errno = error;
		if (last || next < 0)
			return next;
		at = next;
		path += length + 1;
	}
	return at;
}

/* Does the file hold what the shape needs? Asked before memory for the tensor is taken. */
static bool external_fits(int fd, const struct external *e, size_t bytes, struct fault *f)
{
	struct stat s;
	if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode))
		return fault_set(f, "external data '%.80s' is no regular file", e->location);
	if (e->has_length && e->length != bytes)
		return fault_set(f, "external data of %llu bytes; its shape needs %zu", (unsigned long long)e->length, bytes);
	if (e->offset > (uint64_t)s.st_size || bytes > (uint64_t)s.st_size - e->offset)
		return fault_set(f, "external data '%.80s' has %lld bytes; %llu are needed", e->location, (long long)s.st_size,
		                 (unsigned long long)(e->offset + bytes));
	return true;
}

static bool read_at(int fd, const struct external *e, char *data, size_t bytes, struct fault *f)
{
	for (size_t done = 0; done < bytes;) {
		ssize_t n = pread(fd, data + done, bytes - done, (off_t)(e->offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault_set(f, "external data '%.80s': %s", e->location, n ? strerror(errno) : "ends early");
		done += (size_t)n;
	}
	return true;
}

static struct tensor *external_read(int fd, const struct external *e, const Onnx__TensorProto *p, enum tensor_type type, struct fault *f)
{
	size_t count = 0, bytes = tensor_type_bytes(type);
	if (!tensor_count(type, p->n_dims, p->dims, &count, f) || !external_fits(fd, e, count * bytes, f))
		return NULL;
	struct tensor *t = tensor_new(type, p->n_dims, p->dims, f);
	if (t && !read_at(fd, e, t->data, count * bytes, f)) {
		tensor_free(t);
		t = NULL;
	}
	return t;
}

static struct tensor *from_external(const Onnx__TensorProto *p, enum tensor_type type, const char *folder, struct fault *f)
{
	struct external e;
	if (!external_parse(p, &e, f))
		return NULL;
	if (!folder) {
		fault_set(f, "external data '%.80s'; expected all data in the file", e.location);
		return NULL;
	}
	int fd = open_below(folder, e.location);
	if (fd < 0) {
		fault_set(f, "external data '%.80s': %s; expected a file in the model's folder", e.location, strerror(errno));
		return NULL;
	}
	struct tensor *t = external_read(fd, &e, p, type, f);
	close(fd);
	return t;
}

/* ---- all of it */

static struct tensor *from_message(const Onnx__TensorProto *p, enum tensor_type type, struct fault *f)
{
	size_t count = 0, bytes = tensor_type_bytes(type);
	if (!tensor_count(type, p->n_dims, p->dims, &count, f))
		return NULL;
	/* before memory is taken: the file must hold what the shape promises */
	if (p->has_raw_data && p->raw_data.len != count * bytes) {
		fault_set(f, "%zu bytes of data; its shape needs %zu", p->raw_data.len, count * bytes);
		return NULL;
	}
	if (!p->has_raw_data && field_count(p) < count) {
		fault_set(f, "%zu elements of data; its shape has %zu", field_count(p), count);
		return NULL;
	}
	struct tensor *t = tensor_new(type, p->n_dims, p->dims, f);
	if (!t)
		return NULL;
	if (p->has_raw_data) {
		if (count)
			memcpy(t->data, p->raw_data.data, count * bytes);
	} else if (!from_fields(p, t, f)) {
		tensor_free(t);
		return NULL;
	}
	return t;
}

struct tensor *onnx_tensor(const Onnx__TensorProto *p, const char *folder, struct fault *f)
{
	enum tensor_type type = TENSOR_FLOAT32;
	struct tensor *t = NULL;
	bool external = p->has_data_location && p->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
	if (onnx_tensor_type(p->data_type, &type, f)) {
		if (p->segment)
			fault_set(f, "data in segments; expected whole tensors");
		else
			t = external ? from_external(p, type, folder, f) : from_message(p, type, f);
	}
	if (!t) {
		char prefix[128] = "tensor '";
		strncat(prefix, p->name ? p->name : "", 80);
		strcat(prefix, "'");
		fault_prefix(f, prefix);
	}
	return t;
}

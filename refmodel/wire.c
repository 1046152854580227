#include "wire.h"

#include <stdlib.h>

/* ---- nesting: one walk over the bytes, before protobuf-c sees them */

static bool varint(const uint8_t **p, const uint8_t *end, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift < 64 && *p < end; shift += 7) {
		uint8_t byte = *(*p)++;
		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

/* The message type of a field, or NULL when it is none that protobuf-c would descend into. */
static const ProtobufCMessageDescriptor *message_of(const ProtobufCMessageDescriptor *d, uint64_t tag)
{
	const ProtobufCFieldDescriptor *field =
		tag <= UINT32_MAX ? protobuf_c_message_descriptor_get_field(d, (unsigned)tag) : NULL;
	return field && field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL;
}

static bool nesting_good(const ProtobufCMessageDescriptor *d, const uint8_t *p, const uint8_t *end, unsigned depth, struct fault *f)
{
	if (depth > WIRE_MAX_DEPTH)
		return fault_set(f, "messages are nested too deeply; expected at most %d levels", WIRE_MAX_DEPTH);
	while (p < end) {
		uint64_t key, length;
		if (!varint(&p, end, &key))
			return fault_set(f, "damaged: a field is cut off");
		switch (key & 7) {
		case PROTOBUF_C_WIRE_TYPE_VARINT:
			if (!varint(&p, end, &length))
				return fault_set(f, "damaged: a number is cut off");
			continue;
		case PROTOBUF_C_WIRE_TYPE_64BIT:
			length = 8;
			break;
		case PROTOBUF_C_WIRE_TYPE_32BIT:
			length = 4;
			break;
		case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
			if (!varint(&p, end, &length))
				return fault_set(f, "damaged: a length is cut off");
			break;
		default:
			return fault_set(f, "damaged: unknown wire type %u", (unsigned)(key & 7));
		}
		if (length > (uint64_t)(end - p))
			return fault_set(f, "damaged: a field of %llu bytes where %llu are left", (unsigned long long)length,
			                 (unsigned long long)(end - p));
		const ProtobufCMessageDescriptor *inner =
			(key & 7) == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED ? message_of(d, key >> 3) : NULL;
		if (inner && !nesting_good(inner, p, p + length, depth + 1, f))
			return false;
		p += length;
	}
	return true;
}

/* ---- memory: an allocator with an allowance; frees do not give back, so that it bounds the total */

static void *take(void *data, size_t size)
{
	size_t *left = data;
	if (size > *left)
		return NULL;
	*left -= size;
	return malloc(size);
}

static void give(void *data, void *p)
{
	(void)data;
	free(p);
}

ProtobufCMessage *wire_unpack(const ProtobufCMessageDescriptor *d, const void *data, size_t size, struct fault *f)
{
	const uint8_t *bytes = data;
	if (!nesting_good(d, bytes, bytes + size, 0, f))
		return NULL;
	size_t left = (size_t)WIRE_MEMORY_BASE + size * WIRE_MEMORY_FACTOR;
	ProtobufCAllocator allocator = {take, give, &left};
	ProtobufCMessage *m = protobuf_c_message_unpack(d, &allocator, size, data);
	if (!m)
		fault_set(f, "damaged: its fields do not fit those of %s", d->short_name);
	return m;
}

void wire_free(ProtobufCMessage *m)
{
	size_t none = 0;
	ProtobufCAllocator allocator = {take, give, &none};
	if (m)
		protobuf_c_message_free_unpacked(m, &allocator);
}

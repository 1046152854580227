/*
 * wire.h: protobuf messages from files that may be damaged or hostile: nesting and memory stay bounded.
 *
 * protobuf-c itself calls itself once a level without limit and turns two bytes of input into a structure of 200.
 */
#ifndef BITLET_WIRE_H
#define BITLET_WIRE_H

#include <protobuf-c/protobuf-c.h>

#include "fault.h"

enum {
	WIRE_MAX_DEPTH = 40,        /* levels of messages in messages */
	WIRE_MEMORY_FACTOR = 40,    /* bytes of memory a byte of input may take ... */
	WIRE_MEMORY_BASE = 1 << 20, /* ... and this much on top */
};

/* Unpacks; wire_free() takes the message. NULL with *f set. */
ProtobufCMessage *wire_unpack(const ProtobufCMessageDescriptor *d, const void *data, size_t size, struct fault *f);
void wire_free(ProtobufCMessage *m);

#endif

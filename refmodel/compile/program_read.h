/*
 * program_read.h: the records of a program that lies in an image.
 */
#ifndef BITLET_PROGRAM_READ_H
#define BITLET_PROGRAM_READ_H

#include "fault.h"
#include "image.h"
#include "program.h"

/* Records of the program of `bytes` bytes at `program`, its header aside; 0 with *f set when its header and its length do not agree. */
uint32_t program_records(const struct image *m, uint64_t program, uint32_t bytes, struct fault *f);

/* Record `index`; its CRC is not looked at. False with *f set when it is outside of the image. */
bool program_record(const struct image *m, uint64_t program, uint32_t index, struct program_tile *t, struct fault *f);

#endif

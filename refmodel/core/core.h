/*
 * core.h: the whole core behind its registers, a clock cycle at a time (docs/core.md): all blocks and the lane model of the engine (lane.h), the
 * same state as in bitlet_top. Every port is a register, so a memory model that answers Moore steps beside it:
 *
 *     core_out(core, &out);      what the ports show in this cycle
 *     memory_out(memory, &in);
 *     core_clock(core, &in);     the rising edge, with what the other side showed in the same cycle
 *     memory_clock(memory, &out);
 */
#ifndef BITLET_CORE_H
#define BITLET_CORE_H

#include "core_types.h"
#include "derive.h"
#include "lane.h"

#ifdef __cplusplus
extern "C" {
#endif

struct core;

/* c and d must outlive the core. In the state behind reset. NULL when out of memory. */
struct core *core_new(const struct bitlet_config *c, const struct bitlet_derived *d);
void core_free(struct core *core);

/* As rst = 1 for a cycle. Memories keep their words. */
void core_reset(struct core *core);

/* Valid for this cycle; call as often as you like. */
void core_out(const struct core *core, struct core_out *out);

/* in->start only while core_out() shows idle. */
void core_clock(struct core *core, const struct core_in *in);

/* The engine inside, for its diagnosis (lane.h): counts since the last clear. */
const struct bitlet_lane *core_lane(const struct core *core);

#ifdef __cplusplus
}
#endif

#endif

/*
 * shard_report.h: the part of a run's JSON report that `bitlet merge` joins: what was run, and which units of which steps were verified.
 *
 *     "verification": {"by": "simulated", "model": "0x...", "config": "0x...", "input": "0x...", "sample": 1, "seed": "1", "shard": 2, "shards": 7,
 *         "steps": [{"run": 0, "layer": "conv1", "units": 12, "chosen": "0-11", "verified": "3-5,8", "equal": true, "cycles": 1234, "busy": 900}]}
 *
 * Lists of units are ranges in ascending order, "" for none. Cycles and busy cycles are those of the verified units.
 */
#ifndef BITLET_SHARD_REPORT_H
#define BITLET_SHARD_REPORT_H

#include <cjson/cJSON.h>

#include "backend.h"
#include "shard.h"

/* What must be equal for shards to belong together, and which one this is. */
struct shard_identity {
	enum backend_kind kind;
	uint64_t model, config, input; /* hashes: of the model's file, derive.h's, of the inputs */
	double sample;              /* 0..1 */
	uint64_t seed;
	unsigned shard, shards;     /* 1 <= shard <= shards */
};

/* FNV-1a of a file's bytes behind those of h (HASH_START, workspace.h). False when it cannot be read (errno). */
bool shard_hash_file(const char *path, uint64_t *h);

/* A new object "verification" without steps. */
cJSON *shard_report_new(const struct shard_identity *id);

/*
 * A further step, also one without units of this shard. run: number of the image or batch. r: what backend_run() said; NULL when it was not called for the
 * step (then no unit counts as verified).
 */
void shard_report_add(cJSON *verification, unsigned run, const char *layer, const struct shard_step *s, const struct backend_result *r);

/* Ranges as text: "0-3,7". The caller frees; NULL when memory runs out. */
char *shard_ranges(const uint32_t *unit, size_t count);

/* Adds 1 to covered[u] for every unit u of a text of ranges. False when it is not such a text, not ascending, or a number is not below `units`. */
bool shard_ranges_read(const char *text, uint8_t *covered, uint32_t units);

#endif

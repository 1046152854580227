/*
 * network_file.h: a network in a file, run on images in a file.
 */
#ifndef BITLET_NETWORK_FILE_H
#define BITLET_NETWORK_FILE_H

#include "execute.h"

/* Looks at a run; false with *f set ends with that fault. */
typedef bool network_visit(const struct execution *e, void *context, struct fault *f);

/*
 * Runs the network in file `onnx` on images first .. first + count - 1 (count >= 1) of the array in file `images` ([image][...], .npy, shape and type as
 * the network's one input declares), then calls visit. False with *f set, the file's name in front, when a file is at fault, the run, or visit.
 */
bool network_run(const char *onnx, const char *images, size_t first, size_t count, network_visit *visit, void *context, struct fault *f);

#endif

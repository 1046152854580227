/*
 * layer_choice.h: which layers of a network are meant: a list as of `bitlet run --layers`.
 *
 *     conv1,block_*,12,20..24     names, globs, numbers of the table (from 1), ranges of them with both ends; of a name "a;b" also "a"
 */
#ifndef BITLET_LAYER_CHOICE_H
#define BITLET_LAYER_CHOICE_H

#include "schedule.h"

/* chosen[s->steps]: true for the core steps in the list. Every entry must be one of the core's layers. False with *f set, which names the option. */
bool layer_choice(const char *option, const char *list, const struct schedule *s, bool *chosen, struct fault *f);

#endif

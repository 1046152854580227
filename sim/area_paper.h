/*
 * area_paper.h: what the Bitlet paper (MICRO '21) states in its tables 9 and 10: area and power of 32 PEs with N = 64. Reported, by its authors.
 */
#ifndef BITLET_AREA_PAPER_H
#define BITLET_AREA_PAPER_H

#include "area_report.h"

enum { PAPER_CATEGORIES = AREA_CATEGORIES - 1, PAPER_PRECISIONS = 3, PAPER_PES = 32 };

struct area_paper {
	const char *name;
	unsigned nm;
	double mm2[PAPER_CATEGORIES], share[PAPER_CATEGORIES]; /* in the order of area_category_key; shares as printed */
	double total_mm2;                                      /* as printed */
	double power_mw[PAPER_PRECISIONS];                     /* fp32, 16b, 8b */
};

static const struct area_paper area_paper[AREA_NODES] = {
	{"table 9, TSMC 28 nm", 28, {0.553, 0.570, 0.131, 0.244, 0.044}, {0.358, 0.359, 0.096, 0.158, 0.029}, 1.542, {570.15, 432.08, 365.49}},
	{"table 10, TSMC 65 nm", 65, {1.916, 2.327, 0.7, 0.7, 0.2}, {0.33, 0.401, 0.12, 0.12, 0.029}, 5.8, {1829.6, 1390.0, 1199.1}},
};

/* Peak at 1 GHz. */
static const double area_paper_gops[PAPER_PRECISIONS] = {204.8, 372.35, 744.7};
static const char *const area_paper_precision[PAPER_PRECISIONS] = {"fp32", "16b", "8b"};

#endif

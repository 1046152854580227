/*
 * host_unary.h: operators of one float32 input, element by element: a function of double precision, rounded once.
 */
#ifndef BITLET_HOST_UNARY_H
#define BITLET_HOST_UNARY_H

#include "host_ops.h"

typedef double (*host_unary_function)(double x, const double *p);

/* Output 0 = f(input 0, {p0, p1}). */
bool host_unary(struct host_call *c, host_unary_function f, double p0, double p1);

#endif

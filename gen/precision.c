#include "config.h"

#include <stdio.h>
#include <string.h>

static const struct bitlet_precision floats[] = {
	{ .name = "fp32", .is_float = true, .exp_bits = 8, .man_bits = 23, .w_bits = 32, .a_bits = 32, .w_signed = true, .a_signed = true },
	{ .name = "tf32", .is_float = true, .exp_bits = 8, .man_bits = 10, .w_bits = 19, .a_bits = 19, .w_signed = true, .a_signed = true },
	{ .name = "bf16", .is_float = true, .exp_bits = 8, .man_bits = 7, .w_bits = 16, .a_bits = 16, .w_signed = true, .a_signed = true },
	{ .name = "fp16", .is_float = true, .exp_bits = 5, .man_bits = 10, .w_bits = 16, .a_bits = 16, .w_signed = true, .a_signed = true },
};

static bool eat(const char **s, const char *word)
{
	size_t length = strlen(word);
	if (strncmp(*s, word, length) != 0)
		return false;
	*s += length;
	return true;
}

/* 1..24 without leading zeros; 0 when there is no such number. */
static uint8_t eat_width(const char **s)
{
	unsigned width = 0;
	const char *p = *s;
	if (*p == '0')
		return 0;
	while (*p >= '0' && *p <= '9' && p - *s < 2)
		width = 10 * width + (unsigned)(*p++ - '0');
	*s = p;
	return width <= 24 ? (uint8_t)width : 0;
}

/* int8 is w8a8 and uint8 is wu8au8, so that each precision has one name. */
static void name_fixed(struct bitlet_precision *p)
{
	if (p->w_bits == p->a_bits && p->w_signed == p->a_signed)
		snprintf(p->name, sizeof p->name, "%sint%u", p->w_signed ? "" : "u", p->w_bits);
	else
		snprintf(p->name, sizeof p->name, "w%s%ua%s%u", p->w_signed ? "" : "u", p->w_bits, p->a_signed ? "" : "u", p->a_bits);
}

static bool parse_fixed(const char *s, struct bitlet_precision *p)
{
	p->w_signed = p->a_signed = true;
	if (eat(&s, "w")) {
		p->w_signed = !eat(&s, "u");
		p->w_bits = eat_width(&s);
		if (!eat(&s, "a"))
			return false;
		p->a_signed = !eat(&s, "u");
		p->a_bits = eat_width(&s);
	} else {
		p->w_signed = p->a_signed = !eat(&s, "u");
		if (!eat(&s, "int"))
			return false;
		p->w_bits = p->a_bits = eat_width(&s);
	}
	if (!p->w_bits || !p->a_bits || *s)
		return false;
	name_fixed(p);
	return true;
}

bool bitlet_precision_parse(const char *name, struct bitlet_precision *p)
{
	struct bitlet_precision fixed = { .is_float = false };
	for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
		if (!strcmp(name, floats[i].name)) {
			*p = floats[i];
			return true;
		}
	if (!parse_fixed(name, &fixed))
		return false;
	*p = fixed;
	return true;
}

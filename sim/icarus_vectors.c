#include "icarus_vectors.h"

#include <string.h>

/* Rows of icarus_ports.def. */
struct row {
	const char *name;
	unsigned bits;
	bool is_out, is_lanes;
};

enum {
#define ICARUS_IN(name, bits, value) IN_##name,
#define ICARUS_IN_BYTES(name, bytes) IN_##name,
#define ICARUS_OUT(name, bits, value, known) OUT_##name,
#define ICARUS_OUT_LANES(name, bytes, lanes, known) OUT_##name,
#include "icarus_ports.def"
	ROWS
};

static void rows_of(const struct bitlet_config *c, struct row *rows)
{
	const unsigned ADDRESS = c->axi_address_bits, BUS = c->axi_bits / 8;
	const struct row all[ROWS] = {
#define ICARUS_IN(name, bits, value) {#name, bits, false, false},
#define ICARUS_IN_BYTES(name, bytes) {#name, 8 * BUS, false, false},
#define ICARUS_OUT(name, bits, value, known) {#name, bits, true, false},
#define ICARUS_OUT_LANES(name, bytes, lanes, known) {#name, 8 * BUS, true, true},
#include "icarus_ports.def"
	};
	memcpy(rows, all, sizeof all);
}

/* ---- Verilog ---- */

static unsigned total(const struct row *rows, bool is_out)
{
	unsigned bits = 0;
	for (unsigned i = 0; i < ROWS; i++)
		bits += rows[i].is_out == is_out ? rows[i].bits : 0;
	return bits;
}

static void print_names(FILE *f, const char *macro, const struct row *rows, bool is_out)
{
	const char *comma = "";
	fprintf(f, "`define %s {", macro);
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].is_out == is_out) {
			fprintf(f, "%s%s", comma, rows[i].name);
			comma = ", ";
		}
	fprintf(f, "}\n");
}

static void print_declarations(FILE *f, const struct row *rows)
{
	fprintf(f, "`define BENCH_DECLARE");
	for (unsigned i = 0; i < ROWS; i++)
		fprintf(f, " %s [%u:0] %s;", rows[i].is_out ? "wire" : "reg", rows[i].bits - 1, rows[i].name);
	fprintf(f, "\n`define BENCH_CONNECT");
	for (unsigned i = 0; i < ROWS; i++)
		fprintf(f, "%s .%s(%s)", i ? "," : "", rows[i].name, rows[i].name);
	fprintf(f, "\n");
}

/* Lowest bit of a row in its vector. */
static unsigned low_bit(const struct row *rows, unsigned row)
{
	unsigned bits = 0;
	for (unsigned i = row + 1; i < ROWS; i++)
		bits += rows[i].is_out == rows[row].is_out ? rows[i].bits : 0;
	return bits;
}

void icarus_vectors_size(FILE *f, const struct bitlet_config *c)
{
	struct row rows[ROWS];
	rows_of(c, rows);
	fprintf(f, "`define BENCH_IN_BITS %u\n`define BENCH_OUT_BITS %u\n", total(rows, false), total(rows, true));
	fprintf(f, "`define BENCH_LANES %u\n`define BENCH_WDATA_LOW %u\n", c->axi_bits / 8, low_bit(rows, OUT_out_wdata));
	print_names(f, "BENCH_IN", rows, false);
	print_names(f, "BENCH_OUT", rows, true);
	print_declarations(f, rows);
}

/* ---- lines ---- */

/* A word that grows downwards; its highest digit may be partly used, so the length is fixed before. */
struct word {
	char digit[ICARUS_WORD];
	unsigned at;                /* bits to come */
};

static void word_start(struct word *w, unsigned bits)
{
	unsigned digits = (bits + 3) / 4;
	memset(w->digit, 0, digits);
	w->digit[digits] = '\0';
	w->at = digits * 4 - bits;
}

static void word_bit(struct word *w, unsigned bit)
{
	w->digit[w->at / 4] = (char)(w->digit[w->at / 4] | (int)bit << (3 - w->at % 4));
	w->at++;
}

static void word_put(struct word *w, unsigned bits, uint64_t value)
{
	while (bits-- > 0)
		word_bit(w, value >> bits & 1);
}

static void word_bytes(struct word *w, unsigned bytes, const uint8_t *value)
{
	while (bytes-- > 0)
		word_put(w, 8, value[bytes]);
}

static void word_print(struct word *w, FILE *f, char end)
{
	for (unsigned i = 0; i < w->at / 4; i++)
		w->digit[i] = "0123456789abcdef"[(unsigned)w->digit[i]];
	fprintf(f, "%s%c", w->digit, end);
}

static void print_in(FILE *f, const struct bitlet_config *c, const struct row *rows, const struct top_in *in)
{
	const unsigned BUS = c->axi_bits / 8;
	struct word w;
	word_start(&w, total(rows, false));
#define ICARUS_IN(name, bits, value) word_put(&w, bits, value);
#define ICARUS_IN_BYTES(name, bytes) word_bytes(&w, BUS, bytes);
#include "icarus_ports.def"
	word_print(&w, f, ' ');
}

static void print_want(FILE *f, const struct bitlet_config *c, const struct row *rows, const struct top_out *out)
{
	const unsigned ADDRESS = c->axi_address_bits, BUS = c->axi_bits / 8;
	struct word w;
	word_start(&w, total(rows, true));
#define ICARUS_OUT(name, bits, value, known) word_put(&w, bits, value);
#define ICARUS_OUT_LANES(name, bytes, lanes, known) word_bytes(&w, BUS, bytes);
#include "icarus_ports.def"
	word_print(&w, f, ' ');
}

static void mask_lanes(struct word *w, unsigned lanes, uint64_t used)
{
	while (lanes-- > 0)
		word_put(w, 8, used >> lanes & 1 ? 0xff : 0);
}

static void print_mask(FILE *f, const struct bitlet_config *c, const struct row *rows, const struct top_out *out, bool any)
{
	const unsigned ADDRESS = c->axi_address_bits, BUS = c->axi_bits / 8;
	struct word w;
	word_start(&w, total(rows, true));
#define ICARUS_OUT(name, bits, value, known) word_put(&w, bits, any && (known) ? UINT64_MAX : 0);
#define ICARUS_OUT_LANES(name, bytes, lanes, known) mask_lanes(&w, BUS, any && (known) ? lanes : 0);
#include "icarus_ports.def"
	word_print(&w, f, '\n');
}

void icarus_vectors_line(FILE *f, const struct bitlet_config *c, const struct top_in *in, const struct top_out *out)
{
	static const struct top_out nothing;
	struct row rows[ROWS];
	rows_of(c, rows);
	print_in(f, c, rows, in);
	print_want(f, c, rows, out ? out : &nothing);
	print_mask(f, c, rows, out ? out : &nothing, out != NULL);
}

/* ---- back ---- */

/* Bit `at` (0 lowest) of a word; 2: x or z. */
static unsigned get_bit(const char *word, size_t digits, unsigned at)
{
	const char *all = "0123456789abcdef", *found = strchr(all, word[digits - 1 - at / 4]);
	return found ? (unsigned)(found - all) >> at % 4 & 1 : 2;
}

struct words {
	const char *rtl, *want, *mask;
	size_t digits;
};

/* Bits [low, low + bits) as numbers; x and z are 1 in RTL's. True when a counting bit differs. */
static bool differs(const struct words *w, unsigned low, unsigned bits, struct machine_difference *d, bool *unknown)
{
	bool different = false;
	d->rtl = d->model = 0;
	*unknown = false;
	for (unsigned i = bits; i-- > 0;) {
		unsigned have = get_bit(w->rtl, w->digits, low + i), want = get_bit(w->want, w->digits, low + i);
		d->rtl = d->rtl << 1 | (have != 0);
		d->model = d->model << 1 | want;
		*unknown |= have == 2;
		different |= have != want && get_bit(w->mask, w->digits, low + i) == 1;
	}
	return different;
}

static bool row_differs(const struct words *w, const struct row *row, unsigned low, struct machine_difference *d, bool *unknown)
{
	d->port = row->name;
	d->lane = -1;
	if (!row->is_lanes)
		return differs(w, low, row->bits, d, unknown);
	for (d->lane = 0; d->lane < (int)(row->bits / 8); d->lane++)
		if (differs(w, low + 8 * (unsigned)d->lane, 8, d, unknown))
			return true;
	return false;
}

bool icarus_vectors_difference(const struct bitlet_config *c, const char *rtl, const char *want, const char *mask, struct machine_difference *d,
                               bool *unknown)
{
	struct row rows[ROWS];
	rows_of(c, rows);
	struct words w = {rtl, want, mask, (total(rows, true) + 3) / 4};
	if (strlen(rtl) != w.digits || strlen(want) != w.digits || strlen(mask) != w.digits)
		return false;
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].is_out && row_differs(&w, &rows[i], low_bit(rows, i), d, unknown))
			return true;
	return false;
}

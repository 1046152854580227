#include "classes.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

enum { NAMES_BYTES = 1 << 24, FIVE = 5 };

static bool load_labels(struct classes *c, const char *path, size_t first, size_t count, struct fault *f)
{
	char shape[160];
	c->label = npy_load(path, f);
	c->first = first;
	if (!c->label)
		return false;
	if (c->label->rank != 1 || tensor_type_is_float(c->label->type))
		return fault_set(f, "%s: %s of shape %s; expected whole numbers in one dimension", path, tensor_type_name(c->label->type),
		                 tensor_shape_text(c->label->rank, c->label->dim, shape, sizeof shape));
	return (first <= c->label->count && count <= c->label->count - first) ||
	       fault_set(f, "%s: %zu labels; expected at least %zu, one a row of the images", path, c->label->count, first + count);
}

static bool load_names(struct classes *c, const char *path, struct fault *f)
{
	size_t size, lines = 1;
	char *bytes = file_load(path, NAMES_BYTES, &size, f);
	c->text = bytes ? malloc(size + 1) : NULL;
	if (c->text) {
		memcpy(c->text, bytes, size);
		c->text[size] = '\0';
		for (size_t i = 0; i < size; i++)
			lines += c->text[i] == '\n';
		c->name = calloc(lines, sizeof *c->name);
	}
	free(bytes);
	if (!c->name)
		return fault_set(f, "out of memory");
	for (char *at = c->text; *at;) {
		char *end = at + strcspn(at, "\n");
		c->name[c->names++] = at;
		at = *end ? end + 1 : end;
		*end = '\0';
	}
	for (size_t i = 0; i < size; i++) /* carriage returns, and what would move a terminal's cursor */
		if ((unsigned char)c->text[i] < ' ' && c->text[i])
			c->text[i] = c->text[i + 1] ? ' ' : '\0';
	return true;
}

bool classes_load(struct classes *c, const char *labels, const char *names, size_t first, size_t count, struct fault *f)
{
	return (!labels || load_labels(c, labels, first, count, f)) && (!names || load_names(c, names, f));
}

static bool is_above(double v, double w)
{
	return v > w || (isnan(w) && !isnan(v));
}

/* The k largest of a row, in order, NaN last. Returns how many. */
static size_t find_top(const struct tensor *t, size_t at, size_t classes, size_t k, size_t *top)
{
	size_t found = 0;
	for (size_t i = 0; i < classes; i++) {
		double v = tensor_number(t, at + i);
		size_t place = found;
		while (place && is_above(v, tensor_number(t, at + top[place - 1])))
			place--;
		if (place == k)
			continue;
		found += found < k;
		memmove(top + place + 1, top + place, (found - place - 1) * sizeof *top);
		top[place] = i;
	}
	return found;
}

static void count_row(struct classes *c, const size_t *top, size_t found)
{
	int64_t label = tensor_integer(c->label, c->first + c->rows);
	for (size_t i = 0; i < found && i < FIVE; i++)
		if (label == (int64_t)top[i]) {
			c->right += i == 0;
			c->right5++;
		}
}

static void print_row(const struct classes *c, const struct tensor *t, size_t at, const size_t *top, size_t found, FILE *out)
{
	fprintf(out, "image %" PRIu64 ":", c->first + c->rows);
	for (size_t i = 0; i < found && i < c->top; i++) {
		fprintf(out, "%s %zu", i ? "," : "", top[i]);
		if (top[i] < c->names)
			fprintf(out, " (%s)", c->name[top[i]]);
		fprintf(out, " %.6g", tensor_number(t, at + top[i]));
	}
	fputc('\n', out);
}

bool classes_add(struct classes *c, const struct tensor *output, size_t rows, FILE *out, struct fault *f)
{
	size_t k = c->top > FIVE ? c->top : FIVE, classes = rows ? output->count / rows : 0;
	if (!c->top && !c->label)
		return true;
	if (!classes || classes * rows != output->count)
		return fault_set(f, "an output of %zu elements; expected as many for each of %zu images", output->count, rows);
	size_t *top = malloc((k + 1) * sizeof *top);
	if (!top)
		return fault_set(f, "out of memory");
	for (size_t r = 0; r < rows; r++, c->rows++) {
		size_t found = find_top(output, r * classes, classes, k, top);
		if (c->label)
			count_row(c, top, found);
		if (c->top)
			print_row(c, output, r * classes, top, found, out);
	}
	free(top);
	return true;
}

void classes_free(struct classes *c)
{
	tensor_free(c->label);
	free(c->name);
	free(c->text);
	*c = (struct classes){0};
}

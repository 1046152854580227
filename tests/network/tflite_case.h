/*
 * tflite_case.h: one-operator cases of TensorFlow Lite as text, made into files by tflite_build.h.
 *
 *     case conv_hand
 *     op CONV_2D padding=VALID stride_w=1 stride_h=1      options that are not named are left out of the file
 *     in int8 1x2x2x1 q=0.5,3 1 2 3 4                     an input of the network: type, shape (- for a scalar), scale and zero point, numbers
 *     const int8 2x1x1x1 q=0.5/0.25@0 7 -3                given in the file; scales of the slices of dimension 0, zero points 0
 *     none                                                an input that is left out
 *     out int8 1x2x2x2 q=1,-5 ...                         what has to come
 *     fault expected one                                  instead: a message that has these words; outputs are then declared alone
 */
#ifndef BITLET_TEST_TFLITE_CASE_H
#define BITLET_TEST_TFLITE_CASE_H

#include <stdio.h>

#include "tflite_build.h"
#include "tflite_ops.h"

struct tflite_case {
	char name[64], fault[120];
	struct made made;           /* tensor i of the file */
	char names[MADE_TENSORS][8];
};

static inline void case_bad(const struct tflite_case *k, const char *what, const char *where)
{
	fprintf(stderr, "case %s: %s: %s\n", k->name, what, where);
	abort();
}

/* The operator's row by its name without "tflite."; a number when the schema does not know it. */
static inline const struct tflite_op *case_op(const char *name)
{
	for (int32_t i = 0; i < 256; i++) {
		const struct tflite_op *op = tflite_op_find(i);
		if (op && !strcmp(op->name + strlen("tflite."), name))
			return op;
	}
	return NULL;
}

static inline uint32_t case_word(struct tflite_case *k, enum tflite_option_kind kind, const char *word)
{
	for (int32_t v = 0; tflite_option_word(kind, v); v++)
		if (!strcmp(tflite_option_word(kind, v), word))
			return (uint32_t)v;
	case_bad(k, "no such word", word);
	return 0;
}

static inline void case_option(struct tflite_case *k, struct made_node *n, const struct tflite_op *op, char *text)
{
	char *value = strchr(text, '=');
	struct made_option *to = &n->option[n->options++];
	if (!value)
		case_bad(k, "no value", text);
	*value++ = '\0';
	size_t i = 0;
	while (i < op->options && strcmp(op->option[i].name, text) != 0)
		i++;
	if (i == op->options)
		case_bad(k, "no such option", text);
	*to = (struct made_option){.field = op->option[i].field, .bytes = 4};
	switch (op->option[i].kind) {
	case TFLITE_INT:
		to->value = (uint32_t)strtol(value, NULL, 10);
		return;
	case TFLITE_FLOAT: {
		float f = strtof(value, NULL);
		memcpy(&to->value, &f, sizeof f);
		return;
	}
	case TFLITE_INTS:
		to->bytes = 0;
		for (; *value; value += *value == ',')
			to->v[to->ints++] = (int32_t)strtol(value, &value, 10);
		return;
	default:
		to->bytes = 1;
		to->value = op->option[i].kind == TFLITE_BOOL ? (uint32_t)strtol(value, NULL, 10) : case_word(k, op->option[i].kind, value);
	}
}

static inline void case_node(struct tflite_case *k, char *text)
{
	struct made_node *n = &k->made.node[k->made.nodes++];
	char *save, *word = strtok_r(text, " \n", &save);
	const struct tflite_op *op = case_op(word);
	*n = (struct made_node){.number = op ? op->number : (int32_t)strtol(word, NULL, 10), .union_type = op && op->union_type > 0 ? op->union_type : 0};
	while ((word = strtok_r(NULL, " \n", &save)))
		case_option(k, n, op, word);
}

static inline void case_quant(struct made_tensor *t, char *text)
{
	do {
		t->scale[t->scales++] = strtof(text, &text);
	} while (*text++ == '/');
	if (text[-1] == ',')
		t->zero[0] = strtoll(text, NULL, 10);
	else if (text[-1] == '@')
		t->axis = (int32_t)strtol(text, NULL, 10);
}

static inline void case_store(struct tensor *t, size_t i, const char *number)
{
	switch (t->type) {
#define X(symbol, c, name, npy, onnx) \
	case TENSOR_##symbol: \
		((c *)t->data)[i] = (c)strtod(number, NULL); \
		return;
	TENSOR_TYPES(X)
#undef X
	default:
		abort();
	}
}

static inline struct made_tensor *case_tensor(struct tflite_case *k, char *text)
{
	size_t index = k->made.tensors++, rank = 0;
	struct made_tensor *t = &k->made.tensor[index];
	struct fault f = {""};
	int64_t dim[TENSOR_MAX_RANK];
	char *save, *type = strtok_r(text, " \n", &save), *shape = strtok_r(NULL, " \n", &save);
	unsigned kind = 0;
	while (kind < TENSOR_TYPE_COUNT && strcmp(tensor_type_name((enum tensor_type)kind), type) != 0)
		kind++;
	for (; *shape && *shape != '-'; shape += *shape == 'x')
		dim[rank++] = strtoll(shape, &shape, 10);
	*t = (struct made_tensor){.name = k->names[index]};
	snprintf(k->names[index], sizeof k->names[index], "t%zu", index);
	if (kind == TENSOR_TYPE_COUNT || !(t->t = tensor_new((enum tensor_type)kind, rank, dim, &f)))
		case_bad(k, "type or shape", type);
	size_t at = 0;
	for (char *word; (word = strtok_r(NULL, " \n", &save));) {
		if (!strncmp(word, "q=", 2))
			case_quant(t, word + 2);
		else if (at == t->t->count)
			case_bad(k, "too many numbers", word);
		else
			case_store(t->t, at++, word);
	}
	if (at && at != t->t->count)
		case_bad(k, "too few numbers", k->names[index]);
	return t;
}

static inline void case_line(struct tflite_case *k, char *line)
{
	struct made *m = &k->made;
	struct made_node *n = &m->node[0];
	char *rest = strchr(line, ' ');
	rest = rest ? rest + 1 : line + strlen(line);
	if (!strncmp(line, "op ", 3)) {
		case_node(k, rest);
	} else if (!strncmp(line, "in ", 3) || !strncmp(line, "const ", 6)) {
		n->input[n->inputs++] = (int32_t)m->tensors;
		if (line[0] == 'i')
			m->input[m->inputs++] = (int32_t)m->tensors;
		case_tensor(k, rest)->constant = line[0] == 'c';
	} else if (!strncmp(line, "none", 4)) {
		n->input[n->inputs++] = -1;
	} else if (!strncmp(line, "out ", 4)) {
		m->output[m->outputs++] = n->output[n->outputs++] = (int32_t)m->tensors;
		case_tensor(k, rest);
	} else if (!strncmp(line, "fault ", 6)) {
		snprintf(k->fault, sizeof k->fault, "%.*s", (int)strcspn(rest, "\n"), rest);
	} else if (line[0] != '#' && line[0] != '\n') {
		case_bad(k, "what is that", line);
	}
}

/* Calls f for every case of the file, made. Returns how many there are. */
static inline size_t case_each(const char *path, void (*f)(void *context, struct tflite_case *k), void *context)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0, count = 0;
	struct tflite_case *k = calloc(1, sizeof *k);
	bool open = false;
	if (!file || !k)
		abort();
	while (true) {
		bool more = getline(&line, &room, file) >= 0;
		if (open && (!more || !strncmp(line, "case ", 5))) {
			made_file(&k->made);
			f(context, k);
			made_free(&k->made);
			count++;
		}
		if (!more)
			break;
		if (!strncmp(line, "case ", 5)) {
			memset(k, 0, sizeof *k);
			snprintf(k->name, sizeof k->name, "%.*s", (int)strcspn(line + 5, "\n"), line + 5);
			open = true;
		} else {
			case_line(k, line);
		}
	}
	free(k);
	free(line);
	fclose(file);
	return count;
}

#endif

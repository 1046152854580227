#include "tflite_ops.h"

#include <string.h>

/* ---- options of each operator: one array an operator, of which the last element is only there so that none is empty */

#define OPTION(name, field, kind, fallback) {#name, field, TFLITE_##kind, fallback},
#define TFLITE_OP(name, number, options, least, most, outputs, function) \
	static const struct tflite_option options_of_##name[] = {TFLITE_OPTIONS_##options(OPTION){NULL, 0, TFLITE_INT, 0}};
#define TFLITE_NAME(name, number)
#include "tflite_ops.def"
#undef TFLITE_OP
#undef TFLITE_NAME
#undef OPTION

/* ---- rows for host_op.h: attributes are words behind spaces */

enum host_index {
#define TFLITE_OP(name, number, options, least, most, outputs, function) HOST_##name,
#define TFLITE_NAME(name, number)
#include "tflite_ops.def"
#undef TFLITE_OP
#undef TFLITE_NAME
	HOST_ROWS
};

#define WORD(name, field, kind, fallback) " " #name
static const struct host_op host[] = {
#define TFLITE_OP(name, number, options, least, most, outputs, function) \
	{"tflite." #name, least, most, outputs, "" TFLITE_OPTIONS_##options(WORD), function},
#define TFLITE_NAME(name, number)
#include "tflite_ops.def"
#undef TFLITE_OP
#undef TFLITE_NAME
};
#undef WORD

static const struct tflite_op ops[] = {
#define TFLITE_OP(name, number, options, least, most, outputs, function) \
	{"tflite." #name, number, TFLITE_UNION_##options, options_of_##name, sizeof options_of_##name / sizeof options_of_##name[0] - 1, \
	 &host[HOST_##name]},
#define TFLITE_NAME(name, number) {"tflite." #name, number, -1, NULL, 0, NULL},
#include "tflite_ops.def"
#undef TFLITE_OP
#undef TFLITE_NAME
};

enum { OPS = sizeof ops / sizeof ops[0] };

const struct tflite_op *tflite_op_find(int32_t number)
{
	for (size_t i = 0; i < OPS; i++)
		if (ops[i].number == number)
			return &ops[i];
	return NULL;
}

const struct host_op *tflite_host_row(size_t i)
{
	return i < HOST_ROWS ? &host[i] : NULL;
}

const struct host_op *tflite_host_find(const char *name)
{
	for (size_t i = 0; i < HOST_ROWS; i++)
		if (!strcmp(host[i].name, name))
			return &host[i];
	return NULL;
}

/* ---- enumerations */

static const char *const padding[] = {"SAME", "VALID"};
static const char *const activation[] = {"NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"};
static const char *const weights[] = {"DEFAULT", "SHUFFLED4x16INT8"};
static const char *const mirror[] = {"REFLECT", "SYMMETRIC"};
static const char *const type[] = {"FLOAT32", "FLOAT16", "INT32", "UINT8", "INT64", "STRING", "BOOL", "INT16", "COMPLEX64",
                                   "INT8", "FLOAT64", "COMPLEX128", "UINT64", "RESOURCE", "VARIANT", "UINT32", "UINT16", "INT4"};

#define WORDS(list) {list, sizeof list / sizeof list[0]}
static const struct {
	const char *const *word;
	int32_t count;
} enumeration[] = {
	[TFLITE_PADDING] = WORDS(padding), [TFLITE_ACTIVATION] = WORDS(activation), [TFLITE_WEIGHTS] = WORDS(weights),
	[TFLITE_MIRROR] = WORDS(mirror), [TFLITE_TYPE] = WORDS(type),
};

const char *tflite_option_word(enum tflite_option_kind kind, int32_t v)
{
	return v >= 0 && v < enumeration[kind].count ? enumeration[kind].word[v] : NULL;
}

#include "config_value.h"

#include <stdint.h>
#include <string.h>

#include "config.h"
#include "diagnostic.h"

bool config_number(const char *text, unsigned *number)
{
	uint64_t sum = 0;
	if (!*text || (text[0] == '0' && text[1]))
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		sum = 10 * sum + (unsigned)(*text - '0');
		if (sum > UINT32_MAX)
			sum = UINT32_MAX; /* out of every range, and stays so */
	}
	*number = (unsigned)sum;
	return true;
}

/* "KEY is VALUE<wrong>; expected ...". */
static bool refuse(const struct config_tree *tree, const struct config_entry *e, const char *wrong)
{
	char text[QUOTE_SIZE];
	bool missing = e->plain && (!*e->text || !strcmp(e->text, "~") || !strcmp(e->text, "null"));
	fprintf(tree->err, "%s:%u:%u: %s ", tree->path, e->line, e->column, e->key);
	if (missing)
		fputs("has no value; expected ", tree->err);
	else
		fprintf(tree->err, "is %s%s; expected ", quote(text, e->text), wrong);
	if (e->param->kind == PARAM_IS_PRECISIONS)
		fputs("fp32, tf32, bf16, fp16, int1..int24, uint1..uint24 or such as w4a16, w8au8", tree->err);
	else if (e->param->kind == PARAM_IS_PACKING)
		fputs("1, 2, 3, 6, 12 or 24", tree->err);
	else
		param_print_expected(e->param, tree->err);
	fputc('\n', tree->err);
	return false;
}

static bool negative(const char *text)
{
	unsigned number;
	return text[0] == '-' && config_number(text + 1, &number);
}

static bool check_number(const struct config_tree *tree, const struct config_entry *e)
{
	unsigned number;
	if (!e->plain)
		return refuse(tree, e, ", a text in quotes");
	if (negative(e->text))
		return refuse(tree, e, ", below the range");
	if (!config_number(e->text, &number))
		return refuse(tree, e, ", not a whole decimal number");
	if (number < e->param->min)
		return refuse(tree, e, ", below the range");
	if (number > e->param->max)
		return refuse(tree, e, ", above the range");
	return true;
}

static bool check_word(const struct config_tree *tree, const struct config_entry *e)
{
	for (unsigned i = 0; i < e->param->word_count; i++)
		if (!strcmp(e->text, e->param->words[i].str))
			return true;
	return refuse(tree, e, "");
}

static bool check_flag(const struct config_tree *tree, const struct config_entry *e)
{
	static const char *const words[] = { "yes", "no", "true", "false" };
	if (!e->plain)
		return refuse(tree, e, ", a text in quotes");
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(e->text, words[i]))
			return true;
	return refuse(tree, e, "");
}

static bool check_name(const struct config_tree *tree, const struct config_entry *e)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
	size_t length = strlen(e->text);
	if (length < e->param->min)
		return refuse(tree, e, ", empty");
	if (length > e->param->max)
		return refuse(tree, e, ", too long");
	if (strspn(e->text, allowed) != length)
		return refuse(tree, e, ", with a character that is not allowed");
	return true;
}

static bool check_precision(const struct config_tree *tree, const struct config_entry *e)
{
	struct bitlet_precision p;
	return bitlet_precision_parse(e->text, &p) || refuse(tree, e, "");
}

static bool check_factor(const struct config_tree *tree, const struct config_entry *e)
{
	unsigned factor;
	if (!e->plain)
		return refuse(tree, e, ", a text in quotes");
	if (!config_number(e->text, &factor) || factor == 0 || factor > 24 || 24 % factor != 0 || factor == 4 || factor == 8)
		return refuse(tree, e, "");
	for (const struct config_entry *earlier = tree->entry; earlier < e; earlier++)
		if (earlier->text && earlier->param == e->param && !strcmp(earlier->text, e->text)) {
			diagnostic(tree->err, tree->path, e->line, e->column, "%s is %u like %s; expected each factor once", e->key, factor, earlier->key);
			return false;
		}
	return true;
}

static bool check_sequence(const struct config_tree *tree, const struct config_entry *e)
{
	if (e->count)
		return true;
	fprintf(tree->err, "%s:%u:%u: %s is empty; expected ", tree->path, e->line, e->column, e->key);
	param_print_expected(e->param, tree->err);
	fputc('\n', tree->err);
	return false;
}

static bool check_entry(const struct config_tree *tree, const struct config_entry *e)
{
	if (!e->param)
		return true;
	if (!e->text)
		return check_sequence(tree, e);
	switch (e->param->kind) {
	case PARAM_IS_NAME:
		return check_name(tree, e);
	case PARAM_IS_WORD:
		return check_word(tree, e);
	case PARAM_IS_FLAG:
		return check_flag(tree, e);
	case PARAM_IS_UINT:
		return check_number(tree, e);
	case PARAM_IS_RATE:
		return !strcmp(e->text, "full") || check_number(tree, e);
	case PARAM_IS_PRECISIONS:
		return check_precision(tree, e);
	case PARAM_IS_PACKING:
		return check_factor(tree, e);
	}
	return false;
}

static bool check_required(const struct config_tree *tree)
{
	for (unsigned i = 0; i < param_count; i++) {
		const struct param *p = &params[i];
		if (!p->required || config_tree_find(tree, p->key))
			continue;
		fprintf(tree->err, "%s:%u:%u: %s is missing; expected %s: ", tree->path, tree->line, tree->column, p->key, p->key);
		param_print_expected(p, tree->err);
		fputc('\n', tree->err);
		return false;
	}
	return true;
}

bool config_values_check(const struct config_tree *tree)
{
	for (unsigned i = 0; i < tree->entries; i++)
		if (!check_entry(tree, &tree->entry[i]))
			return false;
	return check_required(tree);
}

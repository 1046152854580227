#include "generate.h"

#include <stdlib.h>
#include <string.h>

#include "derive.h"
#include "embed.h"
#include "ip_files.h"
#include "output_dir.h"
#include "params_header.h"
#include "registers.h"
#include "template.h"
#include "values.h"

#define TEMPLATES "rtl_templates/"
#define DRIVER "sim/driver/"
#define BENCHES "fpga/tb/"

enum { MAX_FILES = 256 };

/* One file, complete in memory before anything is written. */
struct product {
	char name[96];              /* relative to the directory */
	char *text;
	size_t size;
};

struct products {
	struct product file[MAX_FILES];
	unsigned files;
	FILE *err;
};

static bool no_memory(const struct products *p)
{
	fputs("bitlet: out of memory\n", p->err);
	return false;
}

/* Starts a file; what is printed to the stream becomes its text. NULL after a report. */
static FILE *start(struct products *p, const char *name)
{
	struct product *file = &p->file[p->files];
	if (p->files == MAX_FILES || strlen(name) >= sizeof file->name) {
		fprintf(p->err, "bitlet: %s: too many files, or its name is too long\n", name);
		return NULL;
	}
	strcpy(file->name, name);
	FILE *f = open_memstream(&file->text, &file->size);
	if (!f)
		no_memory(p);
	return f;
}

/* Ends it; a file that is not wanted is dropped. */
static bool finish(struct products *p, FILE *f, bool wanted)
{
	bool good = !ferror(f);
	good &= fclose(f) == 0;
	if (good && wanted) {
		p->files++;
		return true;
	}
	free(p->file[p->files].text);
	p->file[p->files].text = NULL;
	return good || no_memory(p);
}

static bool expand(struct products *p, const struct embedded_file *template, const char *folder, struct symbols *symbols)
{
	char name[96];
	bool emitted = false;
	snprintf(name, sizeof name, "%s/%s", folder, strrchr(template->path, '/') + 1); /* subfolders sort the templates only */
	FILE *f = start(p, name);
	if (!f)
		return false;
	bool good = template_expand(template->path, template->text, template->size, symbols, f, &emitted, p->err);
	return finish(p, f, good && emitted) && good;
}

static bool expand_all(struct products *p, const char *templates, const char *folder, struct symbols *symbols)
{
	for (const struct embedded_file *f = embedded_files; f->path; f++)
		if (!strncmp(f->path, templates, strlen(templates)) && !expand(p, f, folder, symbols))
			return false;
	return true;
}

/* The tops come last, so that every module is there before it is used. */
static const char *const tops[] = { "rtl/bitlet_pe.v", "rtl/bitlet_array.v", "rtl/bitlet_top.v" };
enum { TOPS = sizeof tops / sizeof *tops };

static bool is_top(const char *name)
{
	for (unsigned i = 0; i < TOPS; i++)
		if (!strcmp(name, tops[i]))
			return true;
	return false;
}

/* The RTL in compile order: names of the files made so far. Returns their number. */
static unsigned compile_order(const struct products *p, const char *name[MAX_FILES])
{
	unsigned n = 0;
	for (unsigned i = 0; i < p->files; i++)
		if (!strncmp(p->file[i].name, "rtl/", 4) && !is_top(p->file[i].name))
			name[n++] = p->file[i].name;
	for (unsigned t = 0; t < TOPS; t++)
		for (unsigned i = 0; i < p->files; i++)
			if (!strcmp(p->file[i].name, tops[t]))
				name[n++] = p->file[i].name;
	return n;
}

static bool list_files(struct products *p)
{
	const char *name[MAX_FILES];
	unsigned files = compile_order(p, name);
	FILE *f = start(p, "filelist.f");
	if (!f)
		return false;
	for (unsigned i = 0; i < files; i++)
		fprintf(f, "%s\n", name[i]);
	return finish(p, f, true);
}

static const char *text_of(const struct products *p, const char *name)
{
	for (unsigned i = 0; i < p->files; i++)
		if (!strcmp(p->file[i].name, name))
			return p->file[i].text;
	return "";
}

/* What other tools take the core from. */
static bool print_ip(struct products *p, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	const char *name[MAX_FILES];
	struct ip_ports ports;
	struct ip_content content = { c, d, &ports, name, compile_order(p, name) };
	if (!ip_ports_read(&ports, text_of(p, "rtl/bitlet_top.v"))) {
		fputs("bitlet: rtl/bitlet_top.v: its ports cannot be read; expected one a line\n", p->err);
		return false;
	}
	FILE *f = start(p, "component.xml");
	if (!f)
		return false;
	ip_component(&content, f);
	if (!finish(p, f, true))
		return false;
	f = start(p, "bitlet.core");
	if (!f)
		return false;
	ip_fusesoc(&content, f);
	return finish(p, f, true);
}

static bool print_headers(struct products *p, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	FILE *f = start(p, "bitlet_params.vh");
	if (!f)
		return false;
	params_header(c, d, HEADER_VERILOG, f);
	if (!finish(p, f, true))
		return false;
	f = start(p, "bitlet_params.h");
	if (!f)
		return false;
	params_header(c, d, HEADER_C, f);
	return finish(p, f, true);
}

/* What is printed by one function. */
static bool print_file(struct products *p, const char *name, void (*print)(const struct bitlet_config *, const struct bitlet_derived *, FILE *),
		       const struct bitlet_config *c, const struct bitlet_derived *d)
{
	FILE *f = start(p, name);
	if (!f)
		return false;
	print(c, d, f);
	return finish(p, f, true);
}

static void print_registers_header(const struct bitlet_config *c, const struct bitlet_derived *d, FILE *out)
{
	(void)c;
	(void)d;
	registers_header(out);
}

static bool print_registers(struct products *p, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	return print_file(p, "bitlet_regs.h", print_registers_header, c, d) && print_file(p, "registers.md", registers_markdown, c, d) &&
	       print_file(p, "bitlet.svd", registers_svd, c, d);
}

/* The host driver, as it is. */
static bool copy_driver(struct products *p)
{
	for (const struct embedded_file *e = embedded_files; e->path; e++) {
		if (strncmp(e->path, DRIVER, strlen(DRIVER)) != 0)
			continue;
		FILE *f = start(p, e->path + strlen("sim/"));
		if (!f)
			return false;
		fwrite(e->text, 1, e->size, f);
		if (!finish(p, f, true))
			return false;
	}
	return true;
}

static bool make_all(struct products *p, const struct bitlet_config *c)
{
	struct bitlet_derived d;
	struct symbols symbols;
	struct register_map registers;
	char hash[VALUES_HASH_SIZE];
	bitlet_derive(c, &d);
	register_map_fill(&registers, c, &d);
	bool good = bitlet_symbols(c, &d, hash, &symbols) || no_memory(p);
	registers_symbols(&registers, &symbols);
	good = good && (symbols_sort(&symbols) || no_memory(p));
	good = good && expand_all(p, TEMPLATES, "rtl", &symbols) && expand_all(p, BENCHES, "tb", &symbols);
	good = good && list_files(p) && print_headers(p, c, &d) && print_registers(p, c, &d) && print_ip(p, c, &d) && copy_driver(p);
	symbols_free(&symbols);
	return good;
}

static bool write_all(const struct products *p, const char *dir)
{
	struct output_dir o;
	if (!output_dir_open(&o, dir, "bitlet_params.h", PARAMS_SIGNATURE, p->err))
		return false;
	bool good = output_dir_folder(&o, "rtl") && output_dir_folder(&o, "tb") && output_dir_folder(&o, "driver");
	for (unsigned i = 0; good && i < p->files; i++)
		good = output_dir_write(&o, p->file[i].name, p->file[i].text, p->file[i].size);
	if (good)
		return output_dir_commit(&o);
	output_dir_abandon(&o);
	return false;
}

bool generate(const struct bitlet_config *c, const char *dir, FILE *err)
{
	struct products *p = calloc(1, sizeof *p);
	if (!p) {
		fputs("bitlet: out of memory\n", err);
		return false;
	}
	p->err = err;
	bool good = make_all(p, c) && write_all(p, dir);
	for (unsigned i = 0; i < p->files; i++)
		free(p->file[i].text);
	free(p);
	return good;
}

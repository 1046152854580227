/*
 * Counts the toggles of a netlist's pins in VCD from standard input; for asic/flow's power.
 *
 * usage: toggles CLOCK <dump.vcd
 *
 * The stream holds one or more dumps, one behind the other (runs of one bench into one pipe). For each, from 0 on, it prints
 *     cycles DUMP RISES            rising edges of the variable CLOCK of the outermost module that has it
 *     pin DUMP INSTANCE PIN COUNT  changes from 0 to 1 and back of a one-bit variable in a module inside that one, when there are any
 * INSTANCE is the name of the innermost scope, without backslash. Changes from and to x and z do not count; names with a _ in front are left out.
 * Exit status: 0 good, 1 what it reads is no VCD or cut short, 2 wrong usage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN = 4096, SCOPES = 64 };

struct pin {
	size_t id, depth;
	char *instance, *name;
};

static struct {
	struct pin *pin;
	size_t pins, room;
	unsigned *count;    /* of an identifier */
	char *value;
	size_t ids;
	char *scope[SCOPES];
	size_t depth, clock_depth, clock;
	unsigned long rises;
	unsigned dump;
	int defined;        /* $enddefinitions was seen */
	const char *clock_name;
} vcd;

static void die(const char *why)
{
	fprintf(stderr, "toggles: %s\n", why);
	exit(1);
}

static void *need(void *p)
{
	if (!p)
		die("out of memory");
	return p;
}

/* A word between white space; 0 at the end. */
static int word(char *s)
{
	size_t n = 0;
	int c = getc_unlocked(stdin);
	while (c == ' ' || c == '\t' || c == '\n' || c == '\r')
		c = getc_unlocked(stdin);
	for (; c != EOF && c > ' '; c = getc_unlocked(stdin)) {
		if (n + 1 == TOKEN)
			die("a word is too long for VCD");
		s[n++] = (char)c;
	}
	s[n] = '\0';
	return n > 0;
}

static void skip_to_end(void)
{
	char s[TOKEN];
	do {
		if (!word(s))
			die("the dump is cut short");
	} while (strcmp(s, "$end") != 0);
}

/* Identifiers are numbers in base 94. */
static size_t number_of(const char *id)
{
	size_t n = 0;
	for (; *id; id++) {
		if (*id < '!' || *id > '~' || n > (1u << 26))
			die("an identifier is no VCD");
		n = n * 94 + (size_t)(*id - '!') + 1;
	}
	if (n >= vcd.ids) {
		size_t room = n + n / 2 + 64;
		vcd.count = need(realloc(vcd.count, room * sizeof *vcd.count));
		vcd.value = need(realloc(vcd.value, room));
		memset(vcd.count + vcd.ids, 0, (room - vcd.ids) * sizeof *vcd.count);
		memset(vcd.value + vcd.ids, 'x', room - vcd.ids);
		vcd.ids = room;
	}
	return n;
}

static char *copy(const char *s)
{
	s += *s == '\\';
	return strcpy(need(malloc(strlen(s) + 1)), s);
}

static void open_scope(void)
{
	char kind[TOKEN], name[TOKEN];
	if (!word(kind) || !word(name) || vcd.depth == SCOPES)
		die("a scope is no VCD");
	vcd.scope[vcd.depth++] = copy(name);
	skip_to_end();
}

static void close_scope(void)
{
	if (vcd.depth == 0)
		die("a scope ends that never began");
	vcd.depth--; /* its name stays with its pins */
	skip_to_end();
}

static void add_variable(void)
{
	char kind[TOKEN], size[TOKEN], id[TOKEN], name[TOKEN];
	if (!word(kind) || !word(size) || !word(id) || !word(name) || vcd.depth == 0)
		die("a variable is no VCD");
	skip_to_end();
	if (strcmp(size, "1") != 0)
		return;
	if (strcmp(name, vcd.clock_name) == 0 && vcd.depth < vcd.clock_depth) {
		vcd.clock_depth = vcd.depth;
		vcd.clock = number_of(id);
	}
	if (vcd.pins == vcd.room) {
		vcd.room = vcd.room * 2 + 1024;
		vcd.pin = need(realloc(vcd.pin, vcd.room * sizeof *vcd.pin));
	}
	vcd.pin[vcd.pins++] = (struct pin){.id = number_of(id), .depth = vcd.depth, .instance = vcd.scope[vcd.depth - 1], .name = copy(name)};
}

static void begin_dump(void)
{
	for (size_t i = 0; i < vcd.pins; i++)
		free(vcd.pin[i].name);
	vcd.pins = 0;
	for (size_t i = 0; i < vcd.ids; i++) {
		vcd.count[i] = 0;
		vcd.value[i] = 'x';
	}
	vcd.defined = 0;
	vcd.rises = 0;
	vcd.clock_depth = SCOPES + 1;
}

static void end_dump(void)
{
	printf("cycles %u %lu\n", vcd.dump, vcd.rises);
	for (size_t i = 0; i < vcd.pins; i++) {
		const struct pin *p = &vcd.pin[i];
		if (vcd.count[p->id] && p->depth > vcd.clock_depth && p->name[0] != '_')
			printf("pin %u %s %s %u\n", vcd.dump, p->instance, p->name, vcd.count[p->id]);
	}
	vcd.dump++;
}

static void change(const char *s)
{
	size_t id = number_of(s + 1);
	char from = vcd.value[id], to = s[0];
	if ((from == '0' && to == '1') || (from == '1' && to == '0'))
		vcd.count[id]++;
	if (from != '1' && to == '1' && id == vcd.clock)
		vcd.rises++;
	vcd.value[id] = to;
}

static void header(const char *s)
{
	if (vcd.defined) {
		end_dump();
		begin_dump();
	}
	if (strcmp(s, "$scope") == 0)
		open_scope();
	else if (strcmp(s, "$upscope") == 0)
		close_scope();
	else if (strcmp(s, "$var") == 0)
		add_variable();
	else if (strcmp(s, "$enddefinitions") == 0) {
		if (vcd.clock_depth > SCOPES)
			die("no such clock in the dump");
		vcd.defined = 1;
		skip_to_end();
	} else
		skip_to_end();
}

int main(int argc, char **argv)
{
	char s[TOKEN];
	if (argc != 2) {
		fprintf(stderr, "usage: toggles CLOCK <dump.vcd\n");
		return 2;
	}
	vcd.clock_name = argv[1];
	begin_dump();
	while (word(s)) {
		if (s[0] == '0' || s[0] == '1' || s[0] == 'x' || s[0] == 'z')
			change(s);
		else if (s[0] == 'b' || s[0] == 'B' || s[0] == 'r')
			word(s); /* a vector: only the ports of the outermost module have them */
		else if (s[0] == '#' || strcmp(s, "$end") == 0 || strncmp(s, "$dump", 5) == 0)
			continue;
		else if (s[0] == '$' && strcmp(s, "$comment") != 0)
			header(s);
		else if (s[0] == '$')
			skip_to_end();
		else
			die("this is no VCD");
	}
	if (!vcd.defined)
		die("this is no VCD");
	end_dump();
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

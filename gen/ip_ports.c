#include <string.h>

#include "ip_files.h"

/* One line of the list: fills *port and returns true, or sets *other when the line is no comment either. */
static bool read_line(const char *line, size_t length, struct ip_port *port, bool *other)
{
	char text[160], direction[8], name[IP_NAME_SIZE];
	unsigned msb = 0;
	*other = false;
	if (length >= sizeof text) {
		*other = true;
		return false;
	}
	memcpy(text, line, length);
	text[length] = '\0';
	const char *p = text + strspn(text, " \t");
	if (!*p || !strncmp(p, "//", 2))
		return false;
	bool vector = sscanf(p, "%7s wire [%u:0] %39[a-z0-9_]", direction, &msb, name) == 3;
	bool good = vector || sscanf(p, "%7s wire %39[a-z0-9_]", direction, name) == 2;
	if (!good || (strcmp(direction, "input") != 0 && strcmp(direction, "output") != 0)) {
		*other = true;
		return false;
	}
	strcpy(port->name, name);
	port->output = direction[0] == 'o';
	port->bits = vector ? msb + 1 : 1;
	return true;
}

bool ip_ports_read(struct ip_ports *p, const char *verilog)
{
	const char *line = strstr(verilog, "\nmodule ");
	p->ports = 0;
	line = line ? strchr(line + 1, '\n') : NULL;
	while (line && strncmp(line, "\n);", 3) != 0) {
		const char *end = strchr(line + 1, '\n');
		bool other;
		if (!end || p->ports == IP_MAX_PORTS)
			return false;
		p->ports += read_line(line + 1, (size_t)(end - line - 1), &p->port[p->ports], &other);
		if (other)
			return false;
		line = end;
	}
	return line && p->ports;
}

/* Prints bitlet_regs.h, for the program's own build: the driver that the simulator links is the user's (gen/module.mk). */
#include "registers.h"

int main(void)
{
	registers_header(stdout);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

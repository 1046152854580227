/*
 * xml_text.h: text between two tags.
 */
#ifndef BITLET_XML_TEXT_H
#define BITLET_XML_TEXT_H

#include <stdio.h>

/* Prints text, with &, < and > as XML wants them. */
void xml_text(const char *text, FILE *out);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is needed of libxml2. It is loaded where there is a settings file to read: linked
 * with, it and the libraries that it brings would cost each fetch of an image 2 MiB, and
 * a third of the time that it takes to start.
 */
#ifndef UXMC_XML_H
#define UXMC_XML_H

#include <libxml/parser.h>
#include <stddef.h>

struct xml {
	__typeof__(xmlNewParserCtxt) *xmlNewParserCtxt;
	__typeof__(xmlFreeParserCtxt) *xmlFreeParserCtxt;
	__typeof__(xmlCtxtReadIO) *xmlCtxtReadIO;
	__typeof__(xmlSAX2GetLineNumber) *xmlSAX2GetLineNumber;
	__typeof__(xmlDictSize) *xmlDictSize;
	__typeof__(xmlDictGetUsage) *xmlDictGetUsage;
};

/*
 * The same each time; the first time is before files can no longer be opened. NULL:
 * @sentence says what is to be done.
 */
const struct xml *xml_load(char *sentence, size_t size);

#endif

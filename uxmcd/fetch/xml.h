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

#define XML_FUNCTION(name)	__typeof__(name) *name

struct xml {
	XML_FUNCTION(xmlNewParserCtxt);
	XML_FUNCTION(xmlFreeParserCtxt);
	XML_FUNCTION(xmlCtxtReadIO);
	XML_FUNCTION(xmlSAX2GetLineNumber);
	XML_FUNCTION(xmlDictSize);
	XML_FUNCTION(xmlDictGetUsage);
};

/*
 * The same each time; the first time is before files can no longer be opened. NULL:
 * @sentence says what is to be done.
 */
const struct xml *xml_load(char *sentence, size_t size);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include <dlfcn.h>
#include <errno.h>
#include <libxml/SAX2.h>

#include "library.h"
#include "text.h"
#include "xml.h"

static const struct library_symbol symbols[] = {
	LIBRARY_SYMBOL(struct xml, xmlNewParserCtxt),
	LIBRARY_SYMBOL(struct xml, xmlFreeParserCtxt),
	LIBRARY_SYMBOL(struct xml, xmlCtxtReadIO),
	LIBRARY_SYMBOL(struct xml, xmlSAX2GetLineNumber),
	LIBRARY_SYMBOL(struct xml, xmlDictSize),
	LIBRARY_SYMBOL(struct xml, xmlDictGetUsage),
	{ NULL, 0 },
};

/* That of the one whose headers this is compiled with: its structures are used. */
static const char * const names[] = { LIBXML2_SONAME, NULL };

const struct xml *xml_load(char *sentence, size_t size)
{
	static struct xml xml;
	static void *library;

	if (!library)
		library = library_open(names, symbols, &xml);
	if (library)
		return &xml;
	text_format(sentence, size,
		    "libxml2, which settings files are read with, cannot be loaded: install it (%s)",
		    errno == ELIBBAD ? "another version is there" : dlerror());
	return NULL;
}

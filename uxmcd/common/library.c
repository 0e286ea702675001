// SPDX-License-Identifier: GPL-2.0-or-later
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "library.h"

static void *load(const char * const *names)
{
	void *library = NULL;

	for (; !library && *names; names++)
		library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
	return library;
}

static bool find(void *library, const struct library_symbol *symbol, char *functions)
{
	void *function;

	for (; symbol->name; symbol++) {
		function = dlsym(library, symbol->name);
		if (!function)
			return false;
		memcpy(functions + symbol->offset, &function, sizeof(function));
	}
	return true;
}

void *library_open(const char * const *names, const struct library_symbol *symbols,
		   void *functions)
{
	void *library = load(names);

	if (!library) {
		errno = ELIBACC;
	} else if (!find(library, symbols, functions)) {
		dlclose(library);
		library = NULL;
		errno = ELIBBAD;
	}
	return library;
}

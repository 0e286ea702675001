/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library that is loaded when it is needed, and not linked with, since most phones
 * never need it or seldom do.
 */
#ifndef UXMC_LIBRARY_H
#define UXMC_LIBRARY_H

#include <stddef.h>

/**
 * struct library_symbol - a function that is needed
 * @name: of it
 * @offset: of the pointer to it, in the structure of them all
 */
struct library_symbol {
	const char *name;
	size_t offset;
};

/* For a table of them; @type has pointers that are named as the functions are. */
#define LIBRARY_SYMBOL(type, name)	{ #name, offsetof(type, name) }

/**
 * library_open - load the first of some libraries that there is
 * @names: sonames; the last one is NULL
 * @symbols: what is needed of it; the last one has no name
 * @functions: the structure that the pointers are put into
 *
 * Return: what dlclose() takes; NULL with errno ELIBACC, and dlerror() says why it
 *	cannot be loaded, or ELIBBAD: it lacks one of them.
 */
void *library_open(const char * const *names, const struct library_symbol *symbols,
		   void *functions);

#endif

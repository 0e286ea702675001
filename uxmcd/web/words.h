/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that the pages say, in the languages that they speak.
 */
#ifndef UXMC_WORDS_H
#define UXMC_WORDS_H

enum language {
	LANGUAGE_EN,
	LANGUAGE_DE,
	LANGUAGES
};

/* The words; the table in words.c has them in this order. */
enum word {
#define WORD(name, english, german) WORD_##name,
#include "words.def"
#undef WORD
	WORDS
};

/* Its name, for lang="" */
const char *language_name(enum language language);

/*
 * The language that an Accept-Language (RFC 9110, 12.5.4) likes best; NULL: there is
 * none. English, if it likes neither.
 */
enum language language_choose(const char *accepted);

/* A word or sentence; some hold conversions, for markup(). */
const char *word(enum language language, enum word word);

#endif

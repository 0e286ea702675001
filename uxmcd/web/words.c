// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text.h"
#include "words.h"

static const char * const names[LANGUAGES] = {
	[LANGUAGE_EN] = "en",
	[LANGUAGE_DE] = "de",
};

static const char * const table[WORDS][LANGUAGES] = {
#define WORD(name, english, german) { english, german },
#include "words.def"
#undef WORD
};

const char *language_name(enum language language)
{
	return names[language];
}

const char *word(enum language language, enum word word)
{
	return table[word][language];
}

/* "de", "de-AT" */
static bool is_range_of(const char *range, const char *name)
{
	size_t length = strlen(name);

	return !strncasecmp(range, name, length) &&
	       (!range[length] || strchr("-;, \t", range[length]));
}

/* RFC 9110, 12.4.2: "q=0.5", in thousandths; 1000 if nothing is said */
static long weight_of(const char *range, size_t length)
{
	const char *weight = memchr(range, ';', length);
	const char *end = range + length;
	long result = 0, unit = 100;

	while (weight && weight < end && strchr("; \t", *weight))
		weight++;
	if (!weight || end - weight < 3 || strncasecmp(weight, "q=", 2) != 0)
		return 1000;
	if (weight[2] == '1')
		return 1000;
	for (weight += 4; weight < end && unit && *weight >= '0' && *weight <= '9';
	     weight++, unit /= 10)
		result += (*weight - '0') * unit;
	return result;
}

static void consider(const char *range, size_t length, enum language *best,
		     long *weight)
{
	long its = weight_of(range, length);
	size_t i;

	for (i = 0; i < LANGUAGES; i++)
		if (is_range_of(range, names[i]) && its > *weight) {
			*best = (enum language)i;
			*weight = its;
		}
}

enum language language_choose(const char *accepted)
{
	enum language best = LANGUAGE_EN;
	long weight = 0;
	size_t length;

	while (accepted && *accepted) {
		accepted += strspn(accepted, ", \t");
		length = strcspn(accepted, ",");
		consider(accepted, length, &best, &weight);
		accepted += length;
	}
	return best;
}

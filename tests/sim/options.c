// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

#define MAX_OPTIONS	48

void options_fail(const struct command_line *line, const char *fmt, ...)
{
	va_list args;

	(void)fprintf(stderr, "%s: ", line->program);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fprintf(stderr, "\nTry '%s --help'.\n", line->program);
	exit(2);
}

bool options_number(const char *text, int base, unsigned int min,
		    unsigned int max, unsigned int *number)
{
	unsigned long long value;
	char *end;

	/* strtoull() would take a sign, or white space. */
	if (!isxdigit((unsigned char)*text))
		return false;

	errno = 0;
	value = strtoull(text, &end, base);
	if (errno || *end || end == text || value < min || value > max)
		return false;

	*number = (unsigned int)value;
	return true;
}

static void help(const struct command_line *line)
{
	const struct option_row *o;
	char left[40];

	printf("Usage: %s %s\n%s\n\n", line->program, line->usage, line->about);
	for (o = line->options; o->kind; o++) {
		(void)snprintf(left, sizeof(left), "--%s%s%s", o->name,
			       o->argument ? " " : "",
			       o->argument ? o->argument : "");
		printf("  %-24s %s\n", left, o->help);
	}
	printf("  %-24s %s\n", "--help", "show this and exit");
	if (line->more_help)
		line->more_help();
	exit(0);
}

static void apply(const struct command_line *line, const struct option_row *o,
		  const char *arg)
{
	const char *error;

	switch (o->kind) {
	case OPTION_SET:
		*o->flag = true;
		break;
	case OPTION_CLEAR:
		*o->flag = false;
		break;
	case OPTION_NUMBER:
		if (!options_number(arg, 10, o->min, o->max, o->number))
			options_fail(line, "--%s: '%s' is not a number from %u to %u",
				     o->name, arg, o->min, o->max);
		break;
	case OPTION_HEX:
		if (!options_number(arg, 16, o->min, o->max, o->number))
			options_fail(line, "--%s: '%s' is not a hexadecimal number up to %x",
				     o->name, arg, o->max);
		break;
	case OPTION_TEXT:
		*o->text = arg;
		break;
	case OPTION_CALL:
		error = o->call(arg);
		if (error)
			options_fail(line, "--%s: '%s' %s", o->name, arg, error);
		break;
	case OPTION_END:
		break;
	}
}

int options_parse(const struct command_line *line, int argc, char **argv)
{
	struct option longs[MAX_OPTIONS + 2] = { 0 };
	int count = 0, chosen;

	for (; line->options[count].kind; count++) {
		if (count == MAX_OPTIONS)
			abort();
		longs[count].name = line->options[count].name;
		longs[count].has_arg = line->options[count].argument ?
				       required_argument : no_argument;
		longs[count].val = count;
	}
	longs[count].name = "help";
	longs[count].val = count;

	opterr = 0;
	for (;;) {
		chosen = getopt_long(argc, argv, ":", longs, NULL);
		if (chosen == -1)
			return optind;
		if (chosen == ':')
			options_fail(line, "%s needs a value", argv[optind - 1]);
		if (chosen == '?')
			options_fail(line, "there is no option '%s', or it takes no value",
				     argv[optind - 1]);
		if (chosen == count)
			help(line);
		apply(line, &line->options[chosen], optarg);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines, from one table: it parses them and it prints --help. */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>

enum option_kind {
	OPTION_END,
	OPTION_SET,	/* *flag = true */
	OPTION_CLEAR,	/* *flag = false */
	OPTION_NUMBER,	/* *number, from min to max */
	OPTION_HEX,	/* *number, hexadecimal, from min to max */
	OPTION_TEXT,	/* *text */
	OPTION_CALL,	/* call(argument): NULL, or what is wrong with it */
};

struct option_row {
	const char *name;
	const char *argument;
	const char *help;
	enum option_kind kind;
	union {
		bool *flag;
		unsigned int *number;
		const char **text;
		const char *(*call)(const char *argument);
	};
	unsigned int min, max;
};

/* Rows of the table. */
#define SET_OPTION(_name, _flag, _help) \
	{ .name = (_name), .help = (_help), .kind = OPTION_SET, .flag = (_flag) }
#define CLEAR_OPTION(_name, _flag, _help) \
	{ .name = (_name), .help = (_help), .kind = OPTION_CLEAR, .flag = (_flag) }
#define TEXT_OPTION(_name, _arg, _text, _help) \
	{ .name = (_name), .argument = (_arg), .help = (_help), \
	  .kind = OPTION_TEXT, .text = (_text) }
#define CALL_OPTION(_name, _arg, _call, _help) \
	{ .name = (_name), .argument = (_arg), .help = (_help), \
	  .kind = OPTION_CALL, .call = (_call) }
#define NUMBER_OPTION(_name, _arg, _number, _min, _max, _help) \
	{ .name = (_name), .argument = (_arg), .help = (_help), \
	  .kind = OPTION_NUMBER, .number = (_number), .min = (_min), .max = (_max) }
#define HEX_OPTION(_name, _arg, _number, _max, _help) \
	{ .name = (_name), .argument = (_arg), .help = (_help), \
	  .kind = OPTION_HEX, .number = (_number), .max = (_max) }
#define END_OPTIONS	{ .kind = OPTION_END }

/**
 * struct command_line - a program's command line
 * @program: its name
 * @usage: what follows the name
 * @about: what it is, after the usage
 * @options: the table, ended by OPTION_END
 * @more_help: prints what else --help says, or NULL
 */
struct command_line {
	const char *program;
	const char *usage;
	const char *about;
	const struct option_row *options;
	void (*more_help)(void);
};

/**
 * options_parse - do what the options say
 *
 * Ends the program after --help (status 0) and for what it does not
 * understand (a sentence, status 2).
 *
 * Return: the index of the first argument that is no option.
 */
int options_parse(const struct command_line *line, int argc, char **argv);

/* Say what is wrong with the command line, and end the program. */
void options_fail(const struct command_line *line, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* Parse all of @text as a number; false if it is none, or not in the range. */
bool options_number(const char *text, int base, unsigned int min,
		    unsigned int max, unsigned int *number);

#endif

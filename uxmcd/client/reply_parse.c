// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "printable.h"
#include "reply_parse.h"
#include "text.h"

/* It becomes an exit status; the shell has the ones above for itself. */
#define NUMBER_MAX	125

#define OLD_DAEMON \
	"this uxmcd does not know that request: it is older than uxmcctl, so install and start the one that belongs to it"

/* Copies up to the next blank, and gives back where that is; NULL: no word. */
static const char *take_word(const char *from, char *to, size_t size)
{
	size_t length = strcspn(from, " ");

	if (!length || length >= size)
		return NULL;
	memcpy(to, from, length);
	to[length] = '\0';
	return from + length;
}

int reply_parse(const char *packet, struct ctl_answer *answer)
{
	uint64_t value;
	char number[8];

	packet = take_word(packet, number, sizeof(number));
	if (!packet || !*packet || text_number(number, NUMBER_MAX, &value))
		return -EBADMSG;
	packet = take_word(packet + 1, answer->word, sizeof(answer->word));
	if (!packet)
		return -EBADMSG;
	if (*packet)
		packet++;
	if (!strcmp(answer->word, "no-verb"))
		packet = OLD_DAEMON;
	if (text_copy(answer->text, sizeof(answer->text), packet))
		return -EBADMSG;
	answer->reply = (enum reply)value;
	printable(answer->word);
	printable(answer->text);
	return 0;
}

bool reply_goes_on(const struct ctl_answer *answer)
{
	static const char * const words[] = { "step", "file", "entry" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(answer->word, words[i]))
			return true;
	return false;
}

int reply_fields(char *text, const char **fields, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		fields[i] = strsep(&text, "\t");
		if (!fields[i])
			return -EBADMSG;
		if (!strcmp(fields[i], "-"))
			fields[i] = "";
	}
	return 0;
}

int reply_step(char *text, struct ctl_step *step)
{
	step->rule = strsep(&text, " ");
	step->outcome = strsep(&text, " ");
	step->text = text ? text : "";
	return step->outcome && *step->rule && *step->outcome ? 0 : -EBADMSG;
}

int reply_file(char *text, struct ctl_file *file)
{
	enum { SETTING, OUTCOME, NEXT, URL, TEXT, FIELDS };
	const char *fields[FIELDS];

	if (reply_fields(text, fields, FIELDS))
		return -EBADMSG;
	*file = (struct ctl_file) {
		.setting = fields[SETTING],
		.outcome = fields[OUTCOME],
		.next = fields[NEXT],
		.url = fields[URL],
		.text = fields[TEXT],
	};
	return 0;
}

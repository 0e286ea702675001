// SPDX-License-Identifier: GPL-2.0-or-later
#include "complaint.h"
#include "text.h"

/* Names of tags get into sentences, and may be cut off there. */
static void make_ascii(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

void complain(struct complaint *complaint, int line, const char *what,
	      const char *why)
{
	*complaint = (struct complaint){ .there = true, .line = line };
	text_format(complaint->text, sizeof(complaint->text), "%s%s%s", what,
		    *what ? ": " : "", why);
	make_ascii(complaint->text);
}

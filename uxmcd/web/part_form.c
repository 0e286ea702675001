// SPDX-License-Identifier: GPL-2.0-or-later
#include "parts.h"

void part_form(struct request *request, struct answer *answer, const char *path)
{
	(void)request;
	markup(&answer->body, "<form method=\"post\" action=\"%s\">\n", path);
}

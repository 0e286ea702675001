// SPDX-License-Identifier: GPL-2.0-or-later
#include "identify.h"
#include "parts.h"

void part_form(struct request *request, struct answer *answer, const char *path)
{
	visitor_need_token(request);
	markup(&answer->body, "<form method=\"post\" action=\"%s\">\n", path);
	markup(&answer->body, "<input type=\"hidden\" name=\"token\" value=\"%s\">\n",
	       request->visitor.token);
}

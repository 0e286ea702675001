// SPDX-License-Identifier: GPL-2.0-or-later
#include "identify.h"
#include "parts.h"

/* In front of all else, since a file is not taken before it has come. */
static void put_token(struct request *request, struct answer *answer)
{
	visitor_need_token(request);
	markup(&answer->body, "<input type=\"hidden\" name=\"token\" value=\"%s\">\n",
	       request->visitor.token);
}

void part_form(struct request *request, struct answer *answer, const char *path)
{
	markup(&answer->body, "<form method=\"post\" action=\"%s\">\n", path);
	put_token(request, answer);
}

void part_file_form(struct request *request, struct answer *answer, const char *path)
{
	markup(&answer->body, "<form method=\"post\" action=\"%s\" ", path);
	markup_raw(&answer->body, "enctype=\"multipart/form-data\">\n");
	put_token(request, answer);
}

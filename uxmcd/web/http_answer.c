// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "http_answer.h"
#include "text.h"

/* All that a page needs is ours, and nobody may frame it (CSP 3; Fetch, 3.7). */
static const struct header {
	const char *name;
	const char *value;
} headers[] = {
	{ "Content-Security-Policy",
	  "default-src 'none'; style-src 'self'; script-src 'self'; "
	  "img-src 'self'; connect-src 'self'; form-action 'self'; "
	  "frame-ancestors 'none'; base-uri 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
};

void answer_go(struct answer *answer, const char *path)
{
	answer->status = MHD_HTTP_SEE_OTHER;
	answer->location = path;
	answer->type = TYPE_TEXT;
	markup_clear(&answer->body);
}

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
	return !value || MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_fixed(struct MHD_Response *response)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(headers); i++)
		if (!add(response, headers[i].name, headers[i].value))
			return false;
	return true;
}

static bool add_headers(struct MHD_Response *response, const struct answer *answer)
{
	return add_fixed(response) &&
	       add(response, "Content-Type",
		   answer->type ? answer->type : TYPE_PAGE) &&
	       add(response, "Cache-Control", answer->lasting ?
		   "public, max-age=31536000, immutable" : "no-store") &&
	       add(response, "Location", answer->location) &&
	       add(response, "Allow", answer->allow);
}

/* The body becomes the response's. */
static struct MHD_Response *make_response(struct answer *answer)
{
	struct markup *body = &answer->body;
	struct MHD_Response *response;

	if (answer->response)
		return answer->response;
	if (body->failed)
		return NULL;
	response = MHD_create_response_from_buffer(body->length,
						   body->text ? body->text : "",
						   body->text ? MHD_RESPMEM_MUST_FREE :
								MHD_RESPMEM_PERSISTENT);
	if (response)
		*body = (struct markup){ 0 };
	return response;
}

enum MHD_Result answer_send(struct request *request, struct answer *answer)
{
	struct MHD_Response *response = make_response(answer);
	enum MHD_Result result = MHD_NO;

	if (response && add_headers(response, answer))
		result = MHD_queue_response(request->connection,
					    answer->status ? answer->status :
							     MHD_HTTP_OK,
					    response);
	if (response)
		MHD_destroy_response(response);
	markup_clear(&answer->body);
	return result;
}

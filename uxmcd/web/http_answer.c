// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "digest_auth.h"
#include "http_answer.h"
#include "loop.h"
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

/* No script sees it, and no page of others has it sent (RFC 6265, 5.2; SameSite). */
void answer_cookie(const struct request *request, struct answer *answer,
		   const char *name, const char *value)
{
	text_format(answer->cookie, sizeof(answer->cookie),
		    "%s=%s; HttpOnly; SameSite=Strict%s%s", name, value,
		    request->secure ? "; Secure" : "",
		    *value ? "" : "; Max-Age=0");
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

/* RFC 7616, 3.3, and RFC 7617, 2: whoever can do both takes the first. */
static bool add_challenge(struct MHD_Response *response, const struct answer *answer)
{
	char nonce[DIGEST_NONCE_SIZE], text[256];

	if (!answer->challenge)
		return true;
	digest_nonce(loop_now(), nonce);
	text_format(text, sizeof(text),
		    "Digest realm=\"%s\", qop=\"auth\", algorithm=MD5, nonce=\"%s\"%s",
		    REPLY_REALM, nonce, answer->stale ? ", stale=true" : "");
	return add(response, "WWW-Authenticate", text) &&
	       add(response, "WWW-Authenticate",
		   "Basic realm=\"" REPLY_REALM "\", charset=\"UTF-8\"");
}

static bool add_retry_after(struct MHD_Response *response,
			    const struct answer *answer)
{
	char text[16];

	text_format(text, sizeof(text), "%u", answer->retry_after);
	return add(response, "Retry-After", answer->retry_after ? text : NULL);
}

static bool add_headers(struct MHD_Response *response, const struct answer *answer)
{
	return add_fixed(response) &&
	       add(response, "Content-Type",
		   answer->type ? answer->type : TYPE_PAGE) &&
	       add(response, "Cache-Control", answer->lasting ?
		   "public, max-age=31536000, immutable" : "no-store") &&
	       add(response, "Location", answer->location) &&
	       add(response, "Allow", answer->allow) &&
	       add(response, "Set-Cookie", *answer->cookie ? answer->cookie : NULL) &&
	       add_retry_after(response, answer) && add_challenge(response, answer);
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
	const struct visitor *visitor = &request->visitor;
	struct MHD_Response *response = make_response(answer);
	enum MHD_Result result = MHD_NO;

	if (visitor->fresh_form && !*answer->cookie)
		answer_cookie(request, answer, COOKIE_FORM, visitor->form);

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

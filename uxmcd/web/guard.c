// SPDX-License-Identifier: GPL-2.0-or-later
#include "guard.h"
#include "page.h"

static void refuse_method(struct request *request, struct answer *answer)
{
	answer->allow = request->route->methods & METHOD_POST ?
			"GET, HEAD, POST" : "GET, HEAD";
	page_say(request, answer, MHD_HTTP_METHOD_NOT_ALLOWED, WORD_REFUSED,
		 WORD_NO_METHOD);
}

bool guard_check(struct request *request, struct answer *answer)
{
	const struct route *route = request->route;

	if (!request->peer.is_local)
		page_say(request, answer, MHD_HTTP_FORBIDDEN, WORD_REFUSED,
			 WORD_LOCAL_ONLY);
	else if (!route)
		page_say(request, answer, MHD_HTTP_NOT_FOUND, WORD_REFUSED,
			 WORD_NO_PAGE);
	else if (!(request->method & route->methods))
		refuse_method(request, answer);
	else
		return true;
	return false;
}

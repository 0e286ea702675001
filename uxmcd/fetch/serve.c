// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "imagebody.h"
#include "serve.h"
#include "settingsbody.h"
#include "signaturebody.h"

int serve(struct wire *wire, const struct fetchwire_request *request)
{
	struct body body = {
		.http.request = request,
		.wire = wire,
	};

	switch ((enum fetchwire_what)request->what) {
	case FETCHWIRE_IMAGE:
		imagebody_open(&body);
		break;
	case FETCHWIRE_SETTINGS:
		settingsbody_open(&body);
		break;
	case FETCHWIRE_SIGNATURE:
		signaturebody_open(&body);
		break;
	}
	http_run(&body.http, wire->socket);
	if (!body_pause(&body.http))
		return wire->error;
	if (body.http.verdict.result == VERDICT_RUNNING)
		return -EPIPE;
	if (request->what == FETCHWIRE_SETTINGS)
		settingsbody_parse(&body);
	return wire_end(wire, &body.http.verdict, body.http.retry_after,
			http_is_overloaded(&body.http));
}

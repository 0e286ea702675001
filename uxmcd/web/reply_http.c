// SPDX-License-Identifier: GPL-2.0-or-later
#include <microhttpd.h>

#include "reply_http.h"

unsigned int status_of_reply(enum reply reply)
{
	switch (reply) {
	case REPLY_OK:
		return MHD_HTTP_OK;
	case REPLY_NO_DRIVER:
	case REPLY_NO_MODULE:
	case REPLY_BUSY:
	case REPLY_TOO_LATE:
	case REPLY_CANCELLED:
	case REPLY_FAILED:
		return MHD_HTTP_CONFLICT;
	case REPLY_NO_DAEMON:
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	case REPLY_NO_PERMISSION:
		return MHD_HTTP_FORBIDDEN;
	default:
		return MHD_HTTP_BAD_REQUEST;
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "assets.h"
#include "http_answer.h"
#include "pages.h"
#include "routes.h"
#include "text.h"

#define READ	(METHOD_GET | METHOD_HEAD)

static void go_to_first(struct request *request, struct answer *answer)
{
	(void)request;
	answer_go(answer, "info.htm");
}

static void serve_asset(struct request *request, struct answer *answer)
{
	const struct asset_file *file = asset_files;

	while (strcmp(file->path, request->path) != 0)
		file++;
	answer->type = file->type;
	answer->lasting = true;
	/* libmicrohttpd does not write to it. */
	answer->response = MHD_create_response_from_buffer(file->size,
							   (void *)file->bytes,
							   MHD_RESPMEM_PERSISTENT);
}

static const struct route asset_route = {
	NULL, READ, NEED_NOTHING, false, false, serve_asset,
};

static const struct route routes[] = {
	{ "/", READ, NEED_NOTHING, false, false, go_to_first },
	{ "/index.htm", READ, NEED_NOTHING, false, false, go_to_first },
	{ "/login.htm", READ | METHOD_POST, NEED_LOGIN, false, false, page_login },
	{ "/logout.htm", METHOD_POST, NEED_USER, false, false, page_logout },
	{ "/info.htm", READ, NEED_INFO, false, false, page_info },
	{ "/status.json", READ, NEED_INFO, false, false, page_status },
	{ "/events", READ, NEED_INFO, false, false, page_events },
	{ "/metrics", READ, NEED_INFO, false, false, page_metrics },
	{ "/update.htm", READ | METHOD_POST, NEED_USER, false, true, page_update },
	{ "/settings.htm", READ | METHOD_POST, NEED_USER, true, false, page_settings },
	{ "/dummy.htm", READ | METHOD_POST, NEED_USER, true, false, page_dummy },
};

const struct route *route_find(const char *path)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(routes); i++)
		if (!strcmp(routes[i].path, path))
			return &routes[i];
	for (i = 0; i < ASSETS; i++)
		if (!strcmp(asset_files[i].path, path))
			return &asset_route;
	return NULL;
}

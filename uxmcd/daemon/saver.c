// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "log.h"
#include "saver.h"

#define RETRY	60000	/* milliseconds */

static void note(struct saver *saver, int ret)
{
	if (ret && !saver->pending)
		log_error("what came of updates cannot be stored: %s; it is tried every minute",
			  strerror(-ret));
	else if (!ret && saver->pending)
		log_info("what came of updates is stored now");
	saver->pending = ret;
}

void saver_save(struct saver *saver)
{
	note(saver, store_save(saver->store));
	if (saver->pending)
		loop_start(saver->loop, &saver->timer, RETRY);
	else
		loop_cancel(saver->loop, &saver->timer);
}

static void try_again(void *context)
{
	saver_save(context);
}

void saver_open(struct saver *saver, struct loop *loop, struct store *store)
{
	memset(saver, 0, sizeof(*saver));
	saver->store = store;
	saver->loop = loop;
	saver->timer.call = try_again;
	saver->timer.context = saver;
}

void saver_close(struct saver *saver)
{
	loop_cancel(saver->loop, &saver->timer);
	if (saver->pending)
		note(saver, store_save(saver->store));
}

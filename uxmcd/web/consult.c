// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "consult.h"

/* Each may have two connections, with the one of view_look(): uxmcd allows eight. */
#define PLACES		4

/* How long uxmcd may take for what is due at once, s; and how long one waits for a place */
#define PATIENCE	5

/* What is refused is so within this time, ms. */
#define MOMENT		300

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed;
static unsigned int taken;

int consult_init(void)
{
	pthread_condattr_t clock;
	int ret;

	pthread_condattr_init(&clock);
	/* The other clock is set while the phone boots. */
	ret = pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	if (!ret)
		ret = pthread_cond_init(&freed, &clock);
	pthread_condattr_destroy(&clock);
	return -ret;
}

static int take_place(void)
{
	struct timespec end;
	int ret = 0;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += PATIENCE;
	pthread_mutex_lock(&lock);
	while (taken == PLACES && !ret)
		ret = pthread_cond_timedwait(&freed, &lock, &end);
	if (!ret)
		taken++;
	pthread_mutex_unlock(&lock);
	return ret ? -EBUSY : 0;
}

static void give_place(void)
{
	pthread_mutex_lock(&lock);
	taken--;
	pthread_cond_signal(&freed);
	pthread_mutex_unlock(&lock);
}

static int open_for(struct consult *consult, const char *path, int patience)
{
	if (consult->open)
		return consult->socket < 0 ? consult->socket : 0;
	consult->socket = take_place();
	if (consult->socket)
		return consult->socket;
	consult->open = true;
	consult->socket = talk_open(path, patience);
	return consult->socket < 0 ? consult->socket : 0;
}

int consult_open(struct consult *consult, const char *path)
{
	return open_for(consult, path, PATIENCE);
}

int consult_open_patiently(struct consult *consult, const char *path)
{
	consult_close(consult);
	return open_for(consult, path, TALK_PATIENCE);
}

void consult_close(struct consult *consult)
{
	if (!consult->open)
		return;
	if (consult->socket >= 0)
		close(consult->socket);
	give_place();
	consult->open = false;
}

int consult(struct consult *consult, const char *verb, const char *argument,
	    struct ctl_answer *answer)
{
	struct ctl_question question = { .verb = verb, .argument = argument };

	return consult_all(consult, &question, answer);
}

int consult_briefly(struct consult *consult, const char *verb,
		    struct ctl_answer *answer)
{
	struct pollfd wait = { .fd = consult->socket, .events = POLLIN };
	int ret;

	ret = talk_send(consult->socket, verb, "");
	if (ret || poll(&wait, 1, MOMENT) < 1)
		return ret;
	return talk_receive(consult->socket, answer);
}

int consult_all(struct consult *consult, const struct ctl_question *question,
		struct ctl_answer *answer)
{
	if (!consult->open || consult->socket < 0)
		return consult->open ? consult->socket : -ENOTCONN;
	return talk_question(consult->socket, question, answer);
}

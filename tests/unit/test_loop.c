// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <unistd.h>

#include "loop.h"
#include "unit.h"

/* What was called, in that order, and with what it has to do. */
struct story {
	struct loop loop;
	struct part {
		struct story *story;
		char letter;
		struct loop_watch watch;
		struct loop_timer timer;
		int pipe[2];
		struct part *ends;	/* what it puts an end to */
		int again;		/* so often its timer starts itself */
	} a, b;
	char told[32];
};

static void tell(struct part *part)
{
	size_t length = strlen(part->story->told);

	part->story->told[length] = part->letter;
	if (!part->ends)
		return;
	loop_del(&part->story->loop, &part->ends->watch);
	loop_cancel(&part->story->loop, &part->ends->timer);
}

static void take(void *context, uint32_t events)
{
	struct part *part = context;
	char byte;

	assert_true(events & EPOLLIN);
	assert_int_equal(read(part->pipe[0], &byte, 1), 1);
	tell(part);
}

static void be_late(void *context)
{
	struct part *part = context;

	tell(part);
	if (part->again-- > 0)
		loop_start(&part->story->loop, &part->timer, 0);
}

static void open_part(struct story *story, struct part *part, char letter)
{
	part->story = story;
	part->letter = letter;
	part->timer.call = be_late;
	part->timer.context = part;
	assert_int_equal(pipe(part->pipe), 0);
	assert_int_equal(loop_add(&story->loop, &part->watch, part->pipe[0],
				  EPOLLIN, take, part), 0);
}

static void open_story(struct story *story)
{
	memset(story, 0, sizeof(*story));
	assert_int_equal(loop_open(&story->loop), 0);
	open_part(story, &story->a, 'a');
	open_part(story, &story->b, 'b');
}

static void close_part(struct part *part)
{
	loop_del(&part->story->loop, &part->watch);
	close(part->pipe[0]);
	close(part->pipe[1]);
}

static void close_story(struct story *story)
{
	close_part(&story->a);
	close_part(&story->b);
	loop_close(&story->loop);
}

static void send_to(struct part *part)
{
	assert_int_equal(write(part->pipe[1], "", 1), 1);
}

static void test_what_has_come_is_first(void **state)
{
	struct story story;

	(void)state;
	open_story(&story);
	loop_start(&story.loop, &story.b.timer, 0);
	send_to(&story.a);
	loop_turn(&story.loop);
	assert_string_equal(story.told, "ab");
	close_story(&story);
}

/* Data that is there keeps what it arrived in time for from being given up. */
static void test_one_may_stop_the_next(void **state)
{
	struct story story;

	(void)state;
	open_story(&story);
	story.a.ends = &story.b;
	loop_start(&story.loop, &story.b.timer, 0);
	send_to(&story.a);
	send_to(&story.b);
	loop_turn(&story.loop);
	assert_string_equal(story.told, "a");
	loop_start(&story.loop, &story.a.timer, 1);
	while (!story.told[1])
		loop_turn(&story.loop);
	assert_string_equal(story.told, "aa");
	close_story(&story);
}

static void test_timers_in_their_order(void **state)
{
	struct story story;

	(void)state;
	open_story(&story);
	loop_start(&story.loop, &story.a.timer, 1000000);
	loop_start(&story.loop, &story.b.timer, 5);
	loop_start(&story.loop, &story.a.timer, 2);
	while (!story.told[1])
		loop_turn(&story.loop);
	assert_string_equal(story.told, "ab");
	assert_false(story.a.timer.running);
	close_story(&story);
}

/* One that starts itself again and again does not keep others from their turn. */
static void test_pending_work_leaves_turns(void **state)
{
	struct story story;

	(void)state;
	open_story(&story);
	story.a.again = 2;
	loop_start(&story.loop, &story.a.timer, 0);
	loop_turn(&story.loop);
	send_to(&story.b);
	loop_turn(&story.loop);
	loop_turn(&story.loop);
	assert_string_equal(story.told, "abaa");
	close_story(&story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_has_come_is_first),
		cmocka_unit_test(test_one_may_stop_the_next),
		cmocka_unit_test(test_timers_in_their_order),
		cmocka_unit_test(test_pending_work_leaves_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

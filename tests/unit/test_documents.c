// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that name one another: their order, and what they say together. */
#include <stdio.h>
#include <string.h>

#include "picture.h"
#include "text.h"
#include "unit.h"

#define NOW	1000000U

static struct documents documents;
static struct picture picture;

/* The file says that of a setting. */
static void say(struct document *document, enum setting_id id, const char *value)
{
	const struct provision_entry like = { .line = 1 };

	assert_int_equal(provision_set(&document->said, id, &like, value), 0);
}

static void say_image(struct place *place, const char *value)
{
	say(place->document, SETTING_FIRMWARE_UXM, value);
}

static struct place *put(struct place *after, struct place *above, const char *url)
{
	struct place *place = documents_place(&documents, after, above, url);

	assert_non_null(place);
	return place;
}

/* It has its turn, and is good. */
static void succeed(struct place *place)
{
	struct provision said = { 0 };

	documents_visit(place);
	place->document->looked = NOW;
	document_succeed(place->document, place->document->known, &said);
}

/* A look at the first file, which others may be put behind. */
static struct place *begin(void)
{
	documents_begin(&documents);
	return put(NULL, NULL, "first");
}

/* It names two, and all are good. */
static void begin_three(struct place **first, struct place **a, struct place **b)
{
	*first = begin();
	*a = put(*first, *first, "a");
	*b = put(*a, *first, "b");
	succeed(*first);
	succeed(*a);
	succeed(*b);
}

static void fail_at(struct place *place, bool missing, uint64_t now)
{
	documents_visit(place);
	place->document->looked = now;
	document_fail(place->document, missing, 5, "so it is", now);
}

/* "a b c": the URLs in the order of their places. */
static const char *order(void)
{
	static char text[256];
	const struct place *place;

	text[0] = '\0';
	for (place = documents.first; place; place = place->next)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
			 *text ? " " : "", place->document->url);
	return text;
}

static void make(uint64_t now)
{
	assert_int_equal(picture_make(&picture, &documents, now), 0);
}

static const char *image(void)
{
	const struct provision_entry *entry =
		picture.said.list[SETTING_FIRMWARE_UXM];

	return entry ? entry->value : "";
}

static int forget(void **state)
{
	(void)state;
	documents_forget(&documents);
	picture_clear(&picture);
	return 0;
}

static void test_order(void **state)
{
	struct place *first, *a, *b;

	(void)state;
	first = begin();
	a = put(first, first, "a");
	b = put(a, first, "b");
	put(a, a, "c");
	put(b, b, "d");
	assert_string_equal(order(), "first a c b d");
	assert_int_equal(first->depth, 1);
	assert_int_equal(a->next->depth, 3);
	assert_int_equal(documents_count_places(&documents), 5);
}

/* A file is one, however many places it has; and one that has none goes. */
static void test_several_places(void **state)
{
	struct place *first, *one, *other;
	struct document *document;

	(void)state;
	first = begin();
	one = put(first, first, "a");
	other = put(one, one, "b");
	other = put(other, first, "a");
	assert_ptr_equal(one->document, other->document);
	succeed(first);
	succeed(one);
	succeed(one->next);
	documents_visit(other);
	assert_false(one->again);
	assert_true(other->again);
	documents_end(&documents);
	document = one->document;
	assert_true(document->known);

	documents_begin(&documents);
	assert_null(documents.first);
	first = put(NULL, NULL, "first");
	other = put(first, first, "a");
	assert_ptr_equal(other->document, document);
	succeed(first);
	succeed(other);
	assert_false(other->again);
	documents_end(&documents);
	assert_null(documents.list->next->next);
}

static void test_loops(void **state)
{
	struct place *first, *a, *b;

	(void)state;
	first = begin();
	a = put(first, first, "a");
	b = put(a, a, "b");
	assert_false(place_is_loop(first));
	assert_false(place_is_loop(b));
	assert_true(place_is_loop(put(b, b, "a")));
	assert_true(place_is_loop(put(b, b, "first")));
	assert_true(place_is_loop(put(b, b, "b")));
	assert_false(place_is_loop(put(a, first, "b")));
}

static void test_precedence(void **state)
{
	struct place *first, *a, *b;

	(void)state;
	begin_three(&first, &a, &b);
	say(first->document, SETTING_UPDATE_POLICY, "never_update");
	say_image(first, "1");
	say_image(a, "2");
	say(b->document, SETTING_UPDATE_POLICY, "auto_update");
	make(NOW);
	assert_string_equal(image(), "2");
	assert_string_equal(picture.said.list[SETTING_UPDATE_POLICY]->value,
			    "auto_update");
	assert_ptr_equal(picture.image, a->document);
	assert_true(picture.changed);
	assert_null(picture.obstacle);
	make(NOW);
	assert_false(picture.changed);

	/* at both its places */
	put(b, first, "first");
	make(NOW);
	assert_string_equal(image(), "1");
	assert_ptr_equal(picture.image, first->document);
	assert_string_equal(picture.said.list[SETTING_UPDATE_POLICY]->value,
			    "never_update");
	assert_true(picture.changed);
}

/* One that does not count hides those before it, not those after it. */
static void test_spoiled(void **state)
{
	struct place *first, *a, *b;

	(void)state;
	begin_three(&first, &a, &b);
	say_image(first, "1");
	provision_spoil(&a->document->said);
	make(NOW);
	assert_string_equal(image(), "");
	assert_true(picture.said.spoiled);
	assert_ptr_equal(picture.image, a->document);
	say_image(b, "2");
	make(NOW);
	assert_string_equal(image(), "2");
	assert_false(picture.said.spoiled);
}

static void test_first_is_bad(void **state)
{
	struct place *first, *a;

	(void)state;
	first = begin();
	a = put(first, first, "a");
	succeed(first);
	succeed(a);
	make(NOW);
	assert_null(picture.obstacle);
	fail_at(first, false, NOW);
	make(NOW + 10ULL * DOCUMENT_PATIENCE);
	assert_ptr_equal(picture.obstacle, first->document);
	assert_false(picture.open);
	fail_at(first, true, NOW);
	make(NOW);
	assert_ptr_equal(picture.obstacle, first->document);
}

/* A file that was never understood might say anything, but not for ever. */
static void test_open(void **state)
{
	struct place *first, *a;

	(void)state;
	first = begin();
	a = put(first, first, "a");
	succeed(first);
	say_image(first, "1");
	fail_at(a, false, NOW);
	make(NOW);
	assert_ptr_equal(picture.obstacle, a->document);
	assert_true(picture.open);
	make(NOW - 1);
	assert_true(picture.open);
	fail_at(a, false, NOW + DOCUMENT_PATIENCE / 2);
	make(NOW + DOCUMENT_PATIENCE - 1);
	assert_ptr_equal(picture.obstacle, a->document);
	make(NOW + DOCUMENT_PATIENCE);
	assert_null(picture.obstacle);
	assert_false(picture.open);
	assert_string_equal(image(), "1");

	/* It is good in between: all begins anew. */
	succeed(a);
	document_forget(a->document);
	fail_at(a, false, NOW + DOCUMENT_PATIENCE);
	make(NOW + DOCUMENT_PATIENCE);
	assert_ptr_equal(picture.obstacle, a->document);

	/* The server says that there is none. */
	fail_at(a, true, NOW + DOCUMENT_PATIENCE);
	make(NOW + DOCUMENT_PATIENCE);
	assert_null(picture.obstacle);
}

/* What was said once counts, but an image from there is not flashed for now. */
static void test_known_before(void **state)
{
	struct place *first, *a;

	(void)state;
	first = begin();
	a = put(first, first, "a");
	succeed(first);
	succeed(a);
	say_image(first, "1");
	say(a->document, SETTING_UPDATE_POLICY, "auto_update");
	fail_at(a, false, NOW);
	make(NOW);
	assert_null(picture.obstacle);
	assert_non_null(picture.said.list[SETTING_UPDATE_POLICY]);
	say_image(a, "2");
	make(NOW + 10ULL * DOCUMENT_PATIENCE);
	assert_ptr_equal(picture.obstacle, a->document);
	assert_false(picture.open);
	assert_string_equal(image(), "2");

	/* What is gone says nothing in the end. */
	fail_at(a, true, NOW + DOCUMENT_PATIENCE - 1);
	make(NOW + DOCUMENT_PATIENCE - 1);
	assert_string_equal(image(), "2");
	fail_at(a, true, NOW + DOCUMENT_PATIENCE);
	make(NOW + DOCUMENT_PATIENCE);
	assert_string_equal(image(), "1");
	assert_null(picture.obstacle);
	assert_string_equal(a->document->etag, "");
}

static void test_directory(void **state)
{
	struct place *general, *own;

	(void)state;
	documents_begin(&documents);
	general = put(NULL, NULL, "general");
	own = put(general, NULL, "own");
	general->optional = true;
	own->optional = true;
	succeed(general);
	document_miss(own->document);
	make(NOW);
	assert_null(picture.obstacle);
	succeed(own);
	document_miss(general->document);
	make(NOW);
	assert_null(picture.obstacle);
	fail_at(general, false, NOW);
	make(NOW);
	assert_ptr_equal(picture.obstacle, general->document);
	/* if both are missing */
	fail_at(general, true, NOW);
	fail_at(own, true, NOW);
	make(NOW + 2ULL * DOCUMENT_PATIENCE);
	assert_ptr_equal(picture.obstacle, general->document);
}

static void test_pause(void **state)
{
	struct document *document = document_new("a");

	(void)state;
	assert_non_null(document);
	assert_false(document_is_paused(document, NOW));
	document->looked = NOW;
	document->pause = 1000;
	assert_false(document_is_paused(document, NOW));
	document_fail(document, false, 5, "so it is", NOW);
	assert_true(document_is_paused(document, NOW + 999));
	assert_false(document_is_paused(document, NOW + 1000));
	document_free(document);
}

/* Of any file, at its last look */
static void test_failed_by(void **state)
{
	struct place *first, *a, *b;

	(void)state;
	begin_three(&first, &a, &b);
	assert_false(documents_failed_by(&documents, 5));
	fail_at(b, false, NOW);
	assert_true(documents_failed_by(&documents, 5));
	assert_false(documents_failed_by(&documents, 6));
	succeed(b);
	assert_false(documents_failed_by(&documents, 5));
}

static void test_room(void **state)
{
	char value[URL_MAX + 1] = "";
	struct place *first, *a;
	size_t room;

	(void)state;
	memset(value, 'x', URL_MAX);
	first = begin();
	a = put(first, first, "a");
	assert_int_equal(documents_room(&documents, a->document), DOCUMENTS_SIZE_MAX);
	say_image(a, value);
	assert_int_equal(documents_room(&documents, a->document), DOCUMENTS_SIZE_MAX);
	room = documents_room(&documents, first->document);
	assert_true(room < DOCUMENTS_SIZE_MAX - URL_MAX);
	assert_true(room > DOCUMENTS_SIZE_MAX - URL_MAX - 100);
	for (; documents_room(&documents, first->document); room--)
		assert_int_equal(provision_add(&a->document->said.files, 1, value), 0);
}

static void test_lines(void **state)
{
	struct provision one = { 0 }, other = { 0 };

	(void)state;
	assert_true(provision_lines_are_same(one.dropped, other.dropped));
	assert_int_equal(provision_drop(&one, 1, "x"), 0);
	assert_false(provision_lines_are_same(one.dropped, other.dropped));
	assert_int_equal(provision_drop(&other, 1, "x"), 0);
	assert_true(provision_lines_are_same(one.dropped, other.dropped));
	assert_int_equal(provision_drop(&one, 2, "x"), 0);
	assert_int_equal(provision_drop(&other, 3, "x"), 0);
	assert_false(provision_lines_are_same(one.dropped, other.dropped));
	provision_clear(&one);
	provision_clear(&other);
}

#define TEST(name)	cmocka_unit_test_teardown(name, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order),
		TEST(test_several_places),
		TEST(test_loops),
		TEST(test_precedence),
		TEST(test_spoiled),
		TEST(test_first_is_bad),
		TEST(test_open),
		TEST(test_known_before),
		TEST(test_directory),
		TEST(test_pause),
		TEST(test_failed_by),
		TEST(test_room),
		TEST(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

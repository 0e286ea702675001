// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "assets.h"
#include "live.h"
#include "page.h"
#include "text.h"

static const struct link {
	const char *path;
	enum word title;
} links[] = {
	{ "info.htm", WORD_INFO },
	{ "update.htm", WORD_UPDATE },
	{ "settings.htm", WORD_SETTINGS },
};

static void put_head(const struct request *request, struct markup *body,
		     const struct page *page)
{
	markup(body, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
	       "<meta charset=\"utf-8\">\n"
	       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	       "<title>%s - %s</title>\n",
	       language_name(request->language), say(request, page->title),
	       request->config->phone_model);
	/* Relative ones: there may be a web server before this one. */
	markup(body, "<link rel=\"stylesheet\" href=\"%s\">\n"
	       "<script src=\"%s\" defer></script>\n",
	       asset_files[ASSET_STYLE].path + 1,
	       asset_files[ASSET_SCRIPT].path + 1);
	if (page->refresh)
		markup(body, "<noscript><meta http-equiv=\"refresh\" content=\"%u\"></noscript>\n",
		       page->refresh);
	markup_raw(body, "</head>\n");
}

static void put_logout(const struct request *request, struct markup *body)
{
	markup_raw(body, "<form method=\"post\" action=\"logout.htm\">\n");
	markup(body, "<input type=\"hidden\" name=\"token\" value=\"%s\">\n",
	       request->visitor.token);
	markup(body, "<button>%s</button>\n</form>\n", say(request, WORD_LOGOUT));
}

static void put_links(const struct request *request, struct markup *body)
{
	size_t i;
	bool here;

	markup(body, "<header>\n<nav aria-label=\"%s\">\n<ul>\n",
	       say(request, WORD_PAGES));
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		here = *request->path && !strcmp(request->path + 1, links[i].path);
		markup(body, "<li><a href=\"%s\"", links[i].path);
		markup_raw(body, here ? " aria-current=\"page\">" : ">");
		markup(body, "%s</a></li>\n", say(request, links[i].title));
	}
	markup_raw(body, "</ul>\n</nav>\n");
	if (request->visitor.kind == VISITOR_PERSON)
		put_logout(request, body);
	markup_raw(body, "</header>\n");
}

/* As long as there is none, each page says so. */
static void put_warning(const struct request *request, struct markup *body)
{
	if (request->visitor.kind == VISITOR_LOCAL)
		markup(body, "<p class=\"warn\">%s</p>\n",
		       say(request, WORD_NO_PASSWORD));
}

/* What the script wants to know: see script.js */
static void put_data(struct markup *body, const struct page *page)
{
	char number[24];

	if (!page->view)
		return;
	text_format(number, sizeof(number), "%016" PRIx64,
		    live_fingerprint(page->view));
	markup(body, " data-page=\"%s\" data-refresh=\"%u\"", number,
	       page->renew ? page->refresh : 0);
}

void page_begin(struct request *request, struct answer *answer,
		const struct page *page)
{
	struct markup *body = &answer->body;

	put_head(request, body, page);
	markup(body, "<body>\n<a class=\"skip\" href=\"#main\">%s</a>\n",
	       say(request, WORD_SKIP));
	put_links(request, body);
	markup_raw(body, "<main id=\"main\"");
	put_data(body, page);
	markup(body, ">\n<h1>%s</h1>\n", say(request, page->title));
	put_warning(request, body);
}

void page_end(struct request *request, struct answer *answer)
{
	(void)request;
	markup_raw(&answer->body, "</main>\n</body>\n</html>\n");
}

void page_part(struct answer *answer, const char *name)
{
	markup(&answer->body, "<div data-part=\"%s\">\n", name);
}

void page_part_end(struct answer *answer)
{
	markup_raw(&answer->body, "</div>\n");
}

void page_heading(struct request *request, struct answer *answer, enum word heading)
{
	markup(&answer->body, "<h2>%s</h2>\n", say(request, heading));
}

void page_fact(struct request *request, struct answer *answer, enum word name,
	       const char *value)
{
	markup(&answer->body, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n",
	       say(request, name), text_or_dash(value));
}

void page_say(struct request *request, struct answer *answer, unsigned int status,
	      enum word title, enum word sentence)
{
	const struct page page = { .title = title };

	answer->status = status;
	page_begin(request, answer, &page);
	markup(&answer->body, "<p>%s</p>\n", say(request, sentence));
	page_end(request, answer);
}

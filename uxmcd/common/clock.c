// SPDX-License-Identifier: GPL-2.0-or-later
#include <time.h>

#include "clock.h"
#include "text.h"

#define YEAR_2020	1577836800

bool clock_is_set(void)
{
	return time(NULL) >= YEAR_2020;
}

const char *clock_date(char *text)
{
	time_t now = time(NULL);
	struct tm parts = { 0 };

	gmtime_r(&now, &parts);
	if (!strftime(text, CLOCK_DATE_SIZE, "%Y-%m-%d", &parts))
		text_copy(text, CLOCK_DATE_SIZE, "nothing");
	return text;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "unit_fetchwire.h"

const struct fetchwire_request image = {
	.version = FETCHWIRE_VERSION,
	.what = FETCHWIRE_IMAGE,
	.size_max = 1000,
	.connect_timeout = 1000,
	.stall_timeout = 1000,
	.url = "http://server/a.bin",
	.user_agent = "Phone/1.0",
};

void assert_wrong(const char *sentence, const char *wanted)
{
	assert_non_null(sentence);
	if (!strstr(sentence, wanted))
		fail_msg("\"%s\" does not say \"%s\"", sentence, wanted);
}

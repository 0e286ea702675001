/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A setting in a file while it is being read, and whether it counts.
 */
#ifndef UXMC_CANDIDATE_H
#define UXMC_CANDIDATE_H

#include "complaint.h"
#include "provision.h"

/**
 * struct candidate - see above
 * @line: where its tag is
 * @perm: its permission as it stands there
 * @pinned: it has a pin, which is @sha256 as it stands there
 * @limited: it has a rollout, which is @rollout as it stands there
 * @wrong: why it does not count
 * @too_long: there is more of it than fits
 * @length: bytes in @value
 */
struct candidate {
	enum setting_id id;
	int line;
	char perm[16];
	bool pinned;
	char sha256[PIN_SIZE + 1];
	bool limited;
	char rollout[5];
	struct complaint wrong;
	bool too_long;
	size_t length;
	char value[URL_MAX + 1];
};

void candidate_begin(struct candidate *candidate, enum setting_id id, int line);

/* What else its tag says (attribute.h). */
void candidate_take_attributes(struct candidate *candidate, int count,
			       const unsigned char **attributes);

/* More of its value. */
void candidate_take_text(struct candidate *candidate, const char *text,
			 int length);

/* It does not count; of several reasons the first is told. */
void candidate_spoil(struct candidate *candidate, int line, const char *why);

/* The value is complete: 0 if it says something that counts, or nothing; -EINVAL. */
int candidate_check(struct candidate *candidate);

/* That says it then. -ENOMEM */
int candidate_give(const struct candidate *candidate,
		   struct provision *provision);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a provisioning file says. It costs what is in it.
 */
#ifndef UXMC_PROVISION_H
#define UXMC_PROVISION_H

#include <stdbool.h>
#include <stddef.h>

#include "permission.h"
#include "pin.h"
#include "rollout.h"
#include "setting.h"

/* Files that a file may name, and all of them together */
#define PROVISION_FILES_MAX	24

/* Entries of a file that are told of if they do not count; the last tells of the rest. */
#define PROVISION_DROPPED_MAX	8
#define PROVISION_SENTENCE_SIZE	160

/**
 * struct provision_entry - what it says of a setting
 * @line: of the file, from 1
 * @value: in its normal form
 * @sha256: pin of firmware_uxm; empty: none
 * @rollout: the phones that firmware_uxm is for
 */
struct provision_entry {
	int line;
	struct permission permission;
	char sha256[PIN_SIZE];
	struct rollout rollout;
	char value[];
};

/* A text, and the line of the file that it is about */
struct provision_line {
	struct provision_line *next;
	int line;
	char text[];
};

/**
 * struct provision - see above; all zero: nothing
 * @list: by enum setting_id; of several candidates the last; NULL: there is none
 * @files: URLs of the files that it names, in their order
 * @dropped: the entries that do not count, as sentences that say why
 * @spoiled: the last firmware_uxm is one of those, and takes the place of others
 */
struct provision {
	struct provision_entry *list[SETTINGS_COUNT];
	struct provision_line *files;
	struct provision_line *dropped;
	bool spoiled;
};

/*
 * It says that of a setting now: @value, and the rest as in @like, whose own value is
 * not looked at. -ENOMEM
 */
int provision_set(struct provision *provision, enum setting_id id,
		  const struct provision_entry *like, const char *value);

/* It says of firmware_uxm what does not count. */
void provision_spoil(struct provision *provision);

/* Something in it does not count; of too many it is said that there are. -ENOMEM */
int provision_drop(struct provision *provision, int line, const char *sentence);

/* One more at the end, such as of @files. -ENOMEM */
int provision_add(struct provision_line **list, int line, const char *text);
void provision_free_lines(struct provision_line *list);
size_t provision_count(const struct provision_line *list);

/* It says nothing at all any more. */
void provision_clear(struct provision *provision);

/* What the other says, which then says nothing. */
void provision_move(struct provision *provision, struct provision *from);

/* Bytes that it holds */
size_t provision_size(const struct provision *provision);

/* The same values, whatever the permissions are? */
bool provision_is_same(const struct provision *one, const struct provision *other);

bool provision_lines_are_same(const struct provision_line *one,
			      const struct provision_line *other);

#endif

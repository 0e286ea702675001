// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "rules.h"
#include "rules_check.h"
#include "text.h"

/* Adds what came of a rule; of those that fail the first one decides. */
static void conclude(struct rules_decision *decision, struct rules_steps *steps,
		     const char *rule, const struct rules_decision *of_rule)
{
	struct rules_step *step = &steps->list[steps->count++];

	step->rule = rule;
	step->passed = of_rule->code == RULES_ALLOWED;
	if (!step->passed) {
		text_copy(step->text, sizeof(step->text), of_rule->sentence);
		if (decision->code == RULES_ALLOWED)
			*decision = *of_rule;
	}
}

static void check_modules(const struct rules_facts *facts,
			  struct rules_decision *decision, struct rules_steps *steps)
{
	struct rules_decision mine = { .code = RULES_ALLOWED };

	rules_check_count(facts->modules, &mine);
	conclude(decision, steps, "modules", &mine);
	if (mine.code == RULES_ALLOWED)
		text_format(steps->list[steps->count - 1].text, RULES_SENTENCE_MAX + 1,
			    "exactly one expansion module is connected");
}

static void check_busy(bool busy, struct rules_decision *decision,
		       struct rules_steps *steps)
{
	struct rules_decision mine = { .code = RULES_ALLOWED };

	if (busy)
		rules_refuse(&mine, RULES_BUSY, EBUSY,
			     "an update is under way: wait until it has ended");
	conclude(decision, steps, "busy", &mine);
	if (!busy)
		text_format(steps->list[steps->count - 1].text, RULES_SENTENCE_MAX + 1,
			    "no update is under way");
}

static void check_phone(const struct rules_facts *facts,
			struct rules_decision *decision, struct rules_steps *steps)
{
	struct rules_decision mine = { .code = RULES_ALLOWED };

	rules_check_phone(facts->phone_firmware, &mine);
	conclude(decision, steps, "phone", &mine);
	if (mine.code == RULES_ALLOWED)
		text_format(steps->list[steps->count - 1].text, RULES_SENTENCE_MAX + 1,
			    "the phone's firmware is %.64s", facts->phone_firmware);
}

void rules_before(const struct rules_facts *facts, bool busy,
		  struct rules_decision *decision, struct rules_steps *steps)
{
	memset(decision, 0, sizeof(*decision));
	decision->code = RULES_ALLOWED;
	steps->count = 0;
	check_modules(facts, decision, steps);
	check_busy(busy, decision, steps);
	check_phone(facts, decision, steps);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <malloc.h>

#include "memory.h"

/*
 * After the first large block that was freed, glibc keeps others like it for good,
 * and so it does with a heap for each thread; a settings file is such a block.
 */
void memory_open(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	mallopt(M_ARENA_MAX, 1);
#endif
}

void memory_give_back(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

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

static uintptr_t address(const struct dl_phdr_info *object, size_t part)
{
	return object->dlpi_addr + object->dlpi_phdr[part].p_vaddr;
}

/* A list of pairs: what it is, and its value. */
static bool says_text_relocations(const uintptr_t *dynamic)
{
	for (; dynamic[0] != DT_NULL; dynamic += 2)
		if (dynamic[0] == DT_TEXTREL ||
		    (dynamic[0] == DT_FLAGS && dynamic[1] & DF_TEXTREL))
			return true;
	return false;
}

/* With text relocations, even what cannot be written has been written to. */
static bool is_as_in_file(const struct dl_phdr_info *object)
{
	size_t i;

	for (i = 0; i < object->dlpi_phnum; i++)
		if (object->dlpi_phdr[i].p_type == PT_DYNAMIC)
			return !says_text_relocations((const void *)
						      address(object, i));
	return true;
}

static bool is_constant(const struct dl_phdr_info *object, size_t part)
{
	return object->dlpi_phdr[part].p_type == PT_LOAD &&
	       !(object->dlpi_phdr[part].p_flags & PF_W);
}

static void leave_to_cache(uintptr_t start, size_t length)
{
	size_t before = start % (size_t)sysconf(_SC_PAGESIZE);

	madvise((void *)(start - before), length + before, MADV_DONTNEED);
}

static int leave_constants(struct dl_phdr_info *object, size_t size,
			   void *context)
{
	size_t i;

	(void)size;
	(void)context;
	if (!is_as_in_file(object))
		return 0;
	for (i = 0; i < object->dlpi_phnum; i++)
		if (is_constant(object, i))
			leave_to_cache(address(object, i),
				       object->dlpi_phdr[i].p_memsz);
	return 0;
}

/*
 * Most of it is code and tables of libcurl's and libxml2's many libraries, which
 * starting and fetching have touched. In the page cache, mapped by nobody, they are
 * what the kernel takes first when memory is short; what is used again is mapped
 * again, from there or from the file. (A debugger's breakpoints are lost.)
 */
void memory_give_back(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
	dl_iterate_phdr(leave_constants, NULL);
}

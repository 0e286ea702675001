// SPDX-License-Identifier: GPL-2.0-or-later
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "trim.h"

/* What was linked without -fPIC has code that the linker wrote into. */
static bool has_written_code(const struct dl_phdr_info *object, size_t number)
{
	const typeof(*_DYNAMIC) *entry = (const void *)(object->dlpi_addr +
						object->dlpi_phdr[number].p_vaddr);

	for (; entry->d_tag != DT_NULL; entry++)
		if (entry->d_tag == DT_TEXTREL ||
		    (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL))
			return true;
	return false;
}

/* Whole pages only; that it cannot be done costs memory, and nothing else. */
static void give_back(uintptr_t start, size_t size)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t end = (start + size) & ~(page - 1);

	start = (start + page - 1) & ~(page - 1);
	if (start < end)
		madvise((void *)start, end - start, MADV_DONTNEED);
}

static void trim_segment(const struct dl_phdr_info *object, size_t number)
{
	if (object->dlpi_phdr[number].p_type == PT_LOAD &&
	    !(object->dlpi_phdr[number].p_flags & PF_W))
		give_back(object->dlpi_addr + object->dlpi_phdr[number].p_vaddr,
			  object->dlpi_phdr[number].p_memsz);
}

static int trim_object(struct dl_phdr_info *object, size_t size, void *context)
{
	size_t i;

	(void)size;
	(void)context;
	for (i = 0; i < object->dlpi_phnum; i++)
		if (object->dlpi_phdr[i].p_type == PT_DYNAMIC &&
		    has_written_code(object, i))
			return 0;
	for (i = 0; i < object->dlpi_phnum; i++)
		trim_segment(object, i);
	return 0;
}

void trim_code(void)
{
	dl_iterate_phdr(trim_object, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "trim.h"

/* What was linked without -fPIC has code that the linker wrote into. */
static bool has_written_code(const struct dl_phdr_info *object,
			     const ElfW(Phdr) *segment)
{
	const ElfW(Dyn) *entry = (const void *)(object->dlpi_addr + segment->p_vaddr);

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

static int trim_object(struct dl_phdr_info *object, size_t size, void *context)
{
	const ElfW(Phdr) *segment = object->dlpi_phdr;
	const ElfW(Phdr) *end = segment + object->dlpi_phnum;

	(void)size;
	(void)context;
	for (; segment < end; segment++)
		if (segment->p_type == PT_DYNAMIC && has_written_code(object, segment))
			return 0;
	for (segment = object->dlpi_phdr; segment < end; segment++)
		if (segment->p_type == PT_LOAD && !(segment->p_flags & PF_W))
			give_back(object->dlpi_addr + segment->p_vaddr,
				  segment->p_memsz);
	return 0;
}

void trim_code(void)
{
	dl_iterate_phdr(trim_object, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * While it is loaded, the guest's virtio devices stay awake in a suspend of the
 * system. The kernel's virtio driver resets them when it resumes them, and that for
 * 9p has nothing to set them up again with: the root file system would be gone.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/pci.h>

#define VENDOR_VIRTIO	0x1af4

static void keep_awake(bool awake)
{
	struct pci_dev *pci = NULL;

	while ((pci = pci_get_device(VENDOR_VIRTIO, PCI_ANY_ID, pci)))
		dev_pm_syscore_device(&pci->dev, awake);
}

static int __init awake_init(void)
{
	keep_awake(true);
	return 0;
}

static void __exit awake_exit(void)
{
	keep_awake(false);
}

module_init(awake_init);
module_exit(awake_exit);

MODULE_DESCRIPTION("Virtio devices that stay awake");
MODULE_LICENSE("GPL");

// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/uxmcN: records of struct uxmc_event for whoever reads. Each open file
 * has a queue of its own; a slow reader loses its oldest records, never the
 * newest, so that the last one read is the state that is.
 */
#include <linux/fs.h>
#include <linux/kfifo.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "chardev.h"
#include "device.h"

#define EVENTS_QUEUED	32	/* a power of two */

/**
 * struct uxmc_file - one open /dev/uxmcN
 * @uxmc: referenced
 * @entry: in the module's list of files, under the module's lock
 * @events: under the module's lock
 */
struct uxmc_file {
	struct uxmc_device *uxmc;
	struct list_head entry;
	DECLARE_KFIFO(events, struct uxmc_event, EVENTS_QUEUED);
};

static dev_t uxmc_devt;

static void file_push(struct uxmc_file *file)
{
	const struct uxmc_update *update = &file->uxmc->update;
	struct uxmc_event event = {
		.time = ktime_get_boottime_ns(),
		.type = UXMC_EVENT_UPDATE,
		.state = update->state,
		.done = update->done,
		.total = update->total,
	};

	if (kfifo_is_full(&file->events))
		kfifo_skip(&file->events);
	kfifo_put(&file->events, event);
}

/**
 * uxmc_chardev_event - the state of the module's update has changed
 * @uxmc: the module, locked
 */
void uxmc_chardev_event(struct uxmc_device *uxmc)
{
	struct uxmc_file *file;

	lockdep_assert_held(&uxmc->lock);
	list_for_each_entry(file, &uxmc->files, entry)
		file_push(file);
	if (!list_empty(&uxmc->files))
		wake_up_interruptible(&uxmc->wait);
}

static int uxmc_open(struct inode *inode, struct file *filp)
{
	struct uxmc_device *uxmc = container_of(inode->i_cdev,
						  struct uxmc_device, cdev);
	struct uxmc_file *file = kzalloc(sizeof(*file), GFP_KERNEL);

	if (!file)
		return -ENOMEM;
	file->uxmc = uxmc;
	INIT_KFIFO(file->events);

	mutex_lock(&uxmc->lock);
	if (!uxmc->registered) {
		mutex_unlock(&uxmc->lock);
		kfree(file);
		return -ENODEV;
	}
	get_device(&uxmc->dev);
	list_add(&file->entry, &uxmc->files);
	file_push(file);
	mutex_unlock(&uxmc->lock);

	filp->private_data = file;
	return stream_open(inode, filp);
}

static int uxmc_release(struct inode *inode, struct file *filp)
{
	struct uxmc_file *file = filp->private_data;
	struct uxmc_device *uxmc = file->uxmc;

	mutex_lock(&uxmc->lock);
	list_del(&file->entry);
	mutex_unlock(&uxmc->lock);
	kfree(file);
	uxmc_device_put(uxmc);
	return 0;
}

/* One record; 0 when there is none, -ENODEV when there will be none. */
static int file_pop(struct uxmc_file *file, struct uxmc_event *event)
{
	struct uxmc_device *uxmc = file->uxmc;
	int ret;

	mutex_lock(&uxmc->lock);
	ret = kfifo_get(&file->events, event);
	if (!ret && !uxmc->registered)
		ret = -ENODEV;
	mutex_unlock(&uxmc->lock);
	return ret;
}

/* For waiting, without the lock: file_pop() is what decides. */
static bool file_is_ready(struct uxmc_file *file)
{
	return !kfifo_is_empty(&file->events) ||
		!READ_ONCE(file->uxmc->registered);
}

static ssize_t uxmc_read(struct file *filp, char __user *to, size_t size,
			 loff_t *pos)
{
	struct uxmc_file *file = filp->private_data;
	struct uxmc_event event;
	ssize_t done = 0;
	int ret;

	if (size < sizeof(event))
		return -EINVAL;
	while (!(ret = file_pop(file, &event))) {
		if (filp->f_flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(file->uxmc->wait,
					       file_is_ready(file));
		if (ret)
			return ret;
	}
	while (ret > 0) {
		if (copy_to_user(to + done, &event, sizeof(event)))
			return done ? done : -EFAULT;
		done += sizeof(event);
		if (size - done < sizeof(event))
			break;
		ret = file_pop(file, &event);
	}
	return done ? done : ret;
}

static __poll_t uxmc_poll(struct file *filp, poll_table *table)
{
	struct uxmc_file *file = filp->private_data;
	struct uxmc_device *uxmc = file->uxmc;
	__poll_t events = 0;

	poll_wait(filp, &uxmc->wait, table);
	mutex_lock(&uxmc->lock);
	if (!kfifo_is_empty(&file->events))
		events |= EPOLLIN | EPOLLRDNORM;
	if (!uxmc->registered)
		events |= EPOLLHUP | EPOLLERR;
	mutex_unlock(&uxmc->lock);
	return events;
}

static const struct file_operations uxmc_fops = {
	.owner = THIS_MODULE,
	.open = uxmc_open,
	.release = uxmc_release,
	.read = uxmc_read,
	.poll = uxmc_poll,
};

int uxmc_chardev_init_region(void)
{
	return alloc_chrdev_region(&uxmc_devt, 0, UXMC_MODULES_MAX, "uxmc");
}

void uxmc_chardev_exit_region(void)
{
	unregister_chrdev_region(uxmc_devt, UXMC_MODULES_MAX);
}

void uxmc_chardev_init(struct uxmc_device *uxmc)
{
	cdev_init(&uxmc->cdev, &uxmc_fops);
	uxmc->cdev.owner = THIS_MODULE;
}

/* Both the device in sysfs and /dev/uxmcN */
int uxmc_chardev_add(struct uxmc_device *uxmc)
{
	uxmc->dev.devt = MKDEV(MAJOR(uxmc_devt),
			       MINOR(uxmc_devt) + uxmc->id);
	return cdev_device_add(&uxmc->cdev, &uxmc->dev);
}

void uxmc_chardev_del(struct uxmc_device *uxmc)
{
	cdev_device_del(&uxmc->cdev, &uxmc->dev);
}

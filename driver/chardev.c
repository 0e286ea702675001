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
 * @reading: held by the one reader who takes events; taken before the module's lock
 * @entry: in the module's list of files, under the module's lock
 * @lost: how many events have been lost, under the module's lock
 * @events: under the module's lock
 */
struct uxmc_file {
	struct uxmc_device *uxmc;
	struct mutex reading;	/* see above */
	struct list_head entry;
	u64 lost;
	DECLARE_KFIFO(events, struct uxmc_event, EVENTS_QUEUED);
};

static dev_t uxmc_devt;

static void file_push(struct uxmc_file *file)
{
	const struct uxmc_update *update = &file->uxmc->update;
	struct uxmc_event event = {
		.size = sizeof(event),
		.type = UXMC_EVENT_UPDATE,
		.time = ktime_get_boottime_ns(),
		.sequence = file->uxmc->sequence,
		.state = update->state,
		.done = update->done,
		.total = update->total,
	};

	if (kfifo_is_full(&file->events)) {
		kfifo_skip(&file->events);
		file->lost++;
	}
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
	uxmc->sequence++;
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
	mutex_init(&file->reading);
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
	mutex_destroy(&file->reading);
	kfree(file);
	uxmc_device_put(uxmc);
	return 0;
}

/* The oldest event; 0 when there is none, -ENODEV when there will be none. */
static int file_peek(struct uxmc_file *file, struct uxmc_event *event)
{
	struct uxmc_device *uxmc = file->uxmc;
	int ret;

	mutex_lock(&uxmc->lock);
	ret = kfifo_peek(&file->events, event);
	if (ret)
		event->lost = file->lost;
	else if (!uxmc->registered)
		ret = -ENODEV;
	mutex_unlock(&uxmc->lock);
	return ret;
}

/* That event has been read; it may have been pushed out while that was done. */
static void file_skip(struct uxmc_file *file, const struct uxmc_event *event)
{
	struct uxmc_device *uxmc = file->uxmc;
	struct uxmc_event oldest;

	mutex_lock(&uxmc->lock);
	if (kfifo_peek(&file->events, &oldest) &&
	    oldest.sequence == event->sequence)
		kfifo_skip(&file->events);
	else
		file->lost--;
	mutex_unlock(&uxmc->lock);
}

/* For waiting, without the lock: file_read() is what decides. */
static bool file_is_ready(struct uxmc_file *file)
{
	return !kfifo_is_empty(&file->events) ||
		!READ_ONCE(file->uxmc->registered);
}

/*
 * As many events as fit. Copying may wait for the reader's memory, so that it is
 * done without the module's lock; where it fails, nothing is lost.
 */
static ssize_t file_read(struct uxmc_file *file, char __user *to, size_t size)
{
	struct uxmc_event event;
	ssize_t done = 0;
	int ret;

	while (size - done >= sizeof(event)) {
		ret = file_peek(file, &event);
		if (ret <= 0)
			return done ? done : ret;
		if (copy_to_user(to + done, &event, sizeof(event)))
			return done ? done : -EFAULT;
		file_skip(file, &event);
		done += sizeof(event);
	}
	return done;
}

static ssize_t uxmc_read(struct file *filp, char __user *to, size_t size,
			 loff_t *pos)
{
	struct uxmc_file *file = filp->private_data;
	ssize_t ret;

	if (size < sizeof(struct uxmc_event))
		return -EINVAL;
	do {
		if (mutex_lock_interruptible(&file->reading))
			return -ERESTARTSYS;
		ret = file_read(file, to, size);
		mutex_unlock(&file->reading);
		if (ret)
			return ret;
		if (filp->f_flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(file->uxmc->wait,
					       file_is_ready(file));
	} while (!ret);
	return ret;
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

// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of active.c: objects that are freed or made again while in use. */
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/kobject.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "active.h"
#include "active_cases.h"
#include "fs/internal.h"
#include "umdev/umdev.h"

struct thing {
	char before[40];
	struct timer_list timer;
	struct work_struct work;
	struct delayed_work delayed;
	struct completion done;
	struct mutex lock;
	struct kobject kobj;
	struct wait_queue_head waiters;
	bool woken;
	struct rcu_head rcu;
	struct kthread_work kwork;
	struct device dev;
};

static struct thing *thing;

static void thing_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct thing, kobj));
}

static const struct kobj_type thing_type = { .release = thing_release };

static void init_timer_again(void)
{
	timer_setup(&thing->timer, thing_timer, 0);
}

static void init_work_again(void)
{
	INIT_WORK(&thing->work, thing_work);
}

/* ---- one that keeps an ordered queue, so that others stay in it ------------------- */

static struct workqueue_struct *queue;
static struct work_struct first;
static struct completion let_go;

static void first_work(struct work_struct *work)
{
	wait_for_completion(&let_go);
}

static void queue_behind(void)
{
	queue = alloc_ordered_workqueue("active", 0);
	init_completion(&let_go);
	INIT_WORK(&first, first_work);
	queue_work(queue, &first);
	queue_work(queue, &thing->work);
}

static void let_queue_go(void)
{
	complete(&let_go);
	destroy_workqueue(queue);
}

/* ---- tasks that wait ----------------------------------------------------------------- */

long k_wait_completion(void *unused)
{
	wait_for_completion(&thing->done);
	return 0;
}

long k_wait_mutex(void *unused)
{
	mutex_lock(&thing->lock);
	mutex_unlock(&thing->lock);
	return 0;
}

long k_wait_event(void *unused)
{
	wait_event(thing->waiters, READ_ONCE(thing->woken));
	return 0;
}

/* Has the mutex while it waits for something else. */
long k_hold_mutex(void *unused)
{
	mutex_lock(&thing->lock);
	wait_for_completion(&thing->done);
	mutex_unlock(&thing->lock);
	return 0;
}

/* ---- cases ----------------------------------------------------------------------------- */

static void make(bool unused)
{
	thing = kzalloc(sizeof(*thing), GFP_KERNEL);
	init_timer_again();
	init_work_again();
	INIT_DELAYED_WORK(&thing->delayed, thing_work);
	init_completion(&thing->done);
	mutex_init(&thing->lock);
	init_waitqueue_head(&thing->waiters);
}

static void timer_case(bool clean)
{
	mod_timer(&thing->timer, jiffies + LATER);
	mod_timer(&thing->timer, jiffies + 2 * LATER);
	if (clean)
		del_timer_sync(&thing->timer);
	kfree(thing);
}

static void timer_again_case(bool clean)
{
	mod_timer(&thing->timer, jiffies + LATER);
	if (clean)
		del_timer(&thing->timer);
	init_timer_again();
	if (clean)
		kfree(thing);
}

static void delayed_case(bool clean)
{
	schedule_delayed_work(&thing->delayed, LATER);
	if (clean)
		cancel_delayed_work_sync(&thing->delayed);
	kfree(thing);
}

static void work_case(bool clean)
{
	queue_behind();
	if (clean)
		cancel_work_sync(&thing->work);
	kfree(thing);
	if (clean)
		let_queue_go();
}

static void work_again_case(bool clean)
{
	queue_behind();
	if (clean)
		let_queue_go();
	init_work_again();
	if (clean)
		kfree(thing);
}

/* The task that waits is the test's, and ends before a clean one goes on. */
static void completion_case(bool clean)
{
	kfree(thing);
}

/* Its holder is the task that frees, who has given it back. */
static void mutex_case(bool clean)
{
	kfree(thing);
}

static void mutex_again_case(bool clean)
{
	mutex_lock(&thing->lock);
	if (clean)
		mutex_unlock(&thing->lock);
	mutex_init(&thing->lock);
	kfree(thing);
}

static void kobject_case(bool clean)
{
	kobject_init(&thing->kobj, &thing_type);
	kobject_set_name(&thing->kobj, "thing");
	if (clean) {
		kobject_put(&thing->kobj);
		return;
	}
	/* as a driver that knows its name to be constant would */
	kfree_const(thing->kobj.name);
	thing->kobj.name = NULL;
	kfree(thing);
}

static void kobject_again_case(bool clean)
{
	kobject_init(&thing->kobj, &thing_type);
	if (clean) {
		kobject_put(&thing->kobj);
		return;
	}
	kobject_init(&thing->kobj, &thing_type);
	kobject_put(&thing->kobj);
}

/* One of another task: it waits for something else, with the mutex in hand. */
static void held_case(bool clean)
{
	kfree(thing);
}

static void held_again_case(bool clean)
{
	mutex_init(&thing->lock);
	kfree(thing);
}

static void queue_case(bool clean)
{
	kfree(thing);
}

static void queue_again_case(bool clean)
{
	init_waitqueue_head(&thing->waiters);
	if (clean) {
		kfree(thing);
		return;
	}
	/* who waits there is woken all the same, and may look at it after that */
	WRITE_ONCE(thing->woken, true);
	wake_up(&thing->waiters);
}

static void rcu_callback(struct rcu_head *head)
{
}

static void free_thing(struct rcu_head *head)
{
	kfree(container_of(head, struct thing, rcu));
}

static void rcu_case(bool clean)
{
	rcu_read_lock();
	call_rcu(&thing->rcu, clean ? free_thing : rcu_callback);
	if (!clean)
		kfree(thing);
	rcu_read_unlock();
	rcu_barrier();
}

static void rcu_again_case(bool clean)
{
	rcu_read_lock();
	call_rcu(&thing->rcu, rcu_callback);
	if (!clean)
		call_rcu(&thing->rcu, rcu_callback);
	rcu_read_unlock();
	rcu_barrier();
	call_rcu(&thing->rcu, free_thing);
	rcu_barrier();
}

DEFINE_STATIC_SRCU(domain);

static void srcu_case(bool clean)
{
	int idx = srcu_read_lock(&domain);

	call_srcu(&domain, &thing->rcu, clean ? free_thing : rcu_callback);
	if (!clean)
		kfree(thing);
	srcu_read_unlock(&domain, idx);
	srcu_barrier(&domain);
}

static void thing_kwork(struct kthread_work *work)
{
}

/* For a thread that does not come to it. */
static void kwork_case(bool clean)
{
	static struct kthread_worker worker;

	kthread_init_worker(&worker);
	kthread_init_work(&thing->kwork, thing_kwork);
	kthread_queue_work(&worker, &thing->kwork);
	if (clean)
		kthread_cancel_work_sync(&thing->kwork);
	kfree(thing);
}

static void release_device(struct device *dev)
{
	kfree(container_of(dev, struct thing, dev));
}

static void device_case(bool clean)
{
	device_initialize(&thing->dev);
	thing->dev.release = release_device;
	dev_set_name(&thing->dev, "gadget");
	if (device_add(&thing->dev))
		return;
	if (clean)
		device_unregister(&thing->dev);
	else
		kfree(thing);
}

static void device_again_case(bool clean)
{
	device_initialize(&thing->dev);
	thing->dev.release = release_device;
	dev_set_name(&thing->dev, "gadget");
	if (!clean)
		device_initialize(&thing->dev);
	put_device(&thing->dev);
}

/* What a module's exit does is another's matter: pages. */
static void page_case(bool clean)
{
	struct timer_list *timer = (void *)__get_free_page(GFP_KERNEL);

	timer_setup(timer, thing_timer, 0);
	mod_timer(timer, jiffies + LATER);
	if (clean)
		del_timer_sync(timer);
	free_page((unsigned long)timer);
	kfree(thing);
}

/* ---- other memory than kmalloc()'s ------------------------------------------------ */

static void arm(struct timer_list *timer, bool clean)
{
	timer_setup(timer, thing_timer, 0);
	mod_timer(timer, jiffies + LATER);
	if (clean)
		del_timer_sync(timer);
}

static void lock(struct mutex *mutex, bool clean)
{
	mutex_init(mutex);
	mutex_lock(mutex);
	if (clean)
		mutex_unlock(mutex);
}

/* Not where it begins: a second page of it. */
static void area_case(bool clean)
{
	char *area = vzalloc(2 * PAGE_SIZE);

	arm((void *)(area + PAGE_SIZE), clean);
	vfree(area);
	kfree(thing);
}

static void area_held_case(bool clean)
{
	struct thing *area = vzalloc(sizeof(*area));

	lock(&area->lock, clean);
	vfree(area);
	kfree(thing);
}

static void area_or_block_case(bool clean)
{
	struct thing *area = kvzalloc(sizeof(*area), GFP_KERNEL);

	arm(&area->timer, clean);
	kvfree(area);
	area = vzalloc(sizeof(*area));
	if (clean)
		arm(&area->timer, clean);
	kvfree(area);
	kfree(thing);
}

static void page_held_case(bool clean)
{
	struct thing *page = (void *)__get_free_page(GFP_KERNEL);

	lock(&page->lock, clean);
	free_page((unsigned long)page);
	kfree(thing);
}

static void cache_case(bool clean)
{
	struct kmem_cache *cache = KMEM_CACHE(thing, 0);
	struct thing *object = kmem_cache_alloc(cache, GFP_KERNEL);

	arm(&object->timer, clean);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	kfree(thing);
}

static void grown_case(bool clean)
{
	struct timer_list *timers = kmalloc_array(1, sizeof(*timers), GFP_KERNEL);

	arm(timers, clean);
	kfree(krealloc_array(timers, 2, sizeof(*timers), GFP_KERNEL));
	kfree(thing);
}

/* What is managed is freed with the device: late, where releases are. */
static void devm_case(bool clean)
{
	struct device *dev = root_device_register("managed");
	struct timer_list *timer = devm_kzalloc(dev, sizeof(*timer), GFP_KERNEL);

	arm(timer, clean);
	root_device_unregister(dev);
	kfree(thing);
}

static void pool_case(bool clean)
{
	struct device *dev = root_device_register("pool");
	struct dma_pool *pool;
	struct timer_list *timer;
	dma_addr_t dma = 0;

	dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(64));
	pool = dma_pool_create("pool", dev, sizeof(*timer), 0, 0);
	timer = dma_pool_zalloc(pool, GFP_KERNEL, &dma);
	arm(timer, clean);
	dma_pool_free(pool, timer, dma);
	dma_pool_destroy(pool);
	root_device_unregister(dev);
	kfree(thing);
}

static void coherent_case(bool clean)
{
	struct device *dev = root_device_register("coherent");
	struct timer_list *timer;
	dma_addr_t dma = 0;

	dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(64));
	timer = dma_alloc_coherent(dev, PAGE_SIZE, &dma, GFP_KERNEL);
	arm(timer, clean);
	dma_free_coherent(dev, PAGE_SIZE, timer, dma);
	root_device_unregister(dev);
	kfree(thing);
}

/* ---- others that are queued, and made again ---------------------------------------- */

static void thing_tasklet(struct tasklet_struct *tasklet)
{
}

static void tasklet_again_case(bool clean)
{
	static struct tasklet_struct first, tasklet, last;

	tasklet_setup(&first, thing_tasklet);
	tasklet_setup(&tasklet, thing_tasklet);
	tasklet_setup(&last, thing_tasklet);
	tasklet_disable(&tasklet);
	tasklet_schedule(&first);
	tasklet_schedule(&tasklet);
	tasklet_schedule(&last);
	if (clean) {
		tasklet_enable(&tasklet);
		tasklet_kill(&tasklet);
	}
	tasklet_setup(&tasklet, thing_tasklet);
	tasklet_kill(&first);
	tasklet_kill(&tasklet);
	tasklet_kill(&last);
	kfree(thing);
}

static void thing_irq_work(struct irq_work *work)
{
}

static bool interrupt_ends;

static void long_irq_work(struct irq_work *work)
{
	while (!READ_ONCE(interrupt_ends))
		cpu_relax();
}

/* Behind another, on the other processor: this one has interrupts off. */
static void irq_work_again_case(bool clean)
{
	static struct irq_work before, work;
	unsigned long flags;

	init_irq_work(&before, long_irq_work);
	init_irq_work(&work, thing_irq_work);
	local_irq_save(flags);
	irq_work_queue(&before);
	irq_work_queue(&work);
	if (!clean)
		init_irq_work(&work, thing_irq_work);
	WRITE_ONCE(interrupt_ends, true);
	local_irq_restore(flags);
	irq_work_sync(&before);
	irq_work_sync(&work);
	init_irq_work(&work, thing_irq_work);
	kfree(thing);
}

static void kwork_again_case(bool clean)
{
	static struct kthread_worker worker;
	static struct kthread_work first, last;

	kthread_init_worker(&worker);
	kthread_init_work(&first, thing_kwork);
	kthread_init_work(&thing->kwork, thing_kwork);
	kthread_init_work(&last, thing_kwork);
	kthread_queue_work(&worker, &first);
	kthread_queue_work(&worker, &thing->kwork);
	kthread_queue_work(&worker, &last);
	if (clean)
		kthread_cancel_work_sync(&thing->kwork);
	kthread_init_work(&thing->kwork, thing_kwork);
	kthread_cancel_work_sync(&first);
	kthread_cancel_work_sync(&last);
	kfree(thing);
}

static void kwork_delayed_case(bool clean, bool again)
{
	static struct kthread_worker worker;
	static struct kthread_delayed_work first;
	struct kthread_delayed_work *dwork = kzalloc(sizeof(*dwork), GFP_KERNEL);

	kthread_init_worker(&worker);
	kthread_init_delayed_work(&first, thing_kwork);
	kthread_init_delayed_work(dwork, thing_kwork);
	kthread_queue_delayed_work(&worker, &first, LATER);
	kthread_queue_delayed_work(&worker, dwork, LATER);
	if (clean)
		kthread_cancel_delayed_work_sync(dwork);
	if (again)
		kthread_init_delayed_work(dwork, thing_kwork);
	kfree(dwork);
	kthread_cancel_delayed_work_sync(&first);
	kfree(thing);
}

static void kwork_delayed_freed_case(bool clean)
{
	kwork_delayed_case(clean, false);
}

static void kwork_delayed_again_case(bool clean)
{
	kwork_delayed_case(clean, true);
}

static void delayed_again_case(bool clean)
{
	schedule_delayed_work(&thing->delayed, LATER);
	if (clean)
		cancel_delayed_work_sync(&thing->delayed);
	INIT_DELAYED_WORK(&thing->delayed, thing_work);
	kfree(thing);
}

static void completion_again_case(bool clean)
{
	init_completion(&thing->done);
	complete(&thing->done);
	/* its waiter has gone only if it is clean */
	if (clean)
		kfree(thing);
}

static void srcu_again_case(bool clean)
{
	int idx = srcu_read_lock(&domain);

	call_srcu(&domain, &thing->rcu, rcu_callback);
	if (!clean)
		call_srcu(&domain, &thing->rcu, rcu_callback);
	srcu_read_unlock(&domain, idx);
	srcu_barrier(&domain);
	kfree(thing);
}

/* One that has its place among others, of which a walk meets it. */
static void kobject_added_again_case(bool clean)
{
	struct kset *kset = kset_create_and_add("active", NULL, NULL);

	kobject_init(&thing->kobj, &thing_type);
	thing->kobj.kset = kset;
	if (kobject_add(&thing->kobj, NULL, "thing"))
		return;
	if (!clean)
		kobject_init(&thing->kobj, &thing_type);
	kset_find_obj(kset, "nobody");
	kobject_put(&thing->kobj);
	kset_unregister(kset);
}

static void device_added_again_case(bool clean)
{
	device_initialize(&thing->dev);
	thing->dev.release = release_device;
	dev_set_name(&thing->dev, "gadget");
	if (device_add(&thing->dev))
		return;
	if (!clean)
		device_initialize(&thing->dev);
	device_unregister(&thing->dev);
}

static void kfree_rcu_case(bool clean)
{
	rcu_read_lock();
	kfree_rcu(thing, rcu);
	if (!clean)
		kfree(thing);
	rcu_read_unlock();
	rcu_barrier();
}

static void kfree_rcu_again_case(bool clean)
{
	rcu_read_lock();
	kfree_rcu(thing, rcu);
	if (!clean)
		kfree_rcu(thing, rcu);
	rcu_read_unlock();
	rcu_barrier();
}

static void free_head(struct rcu_head *head)
{
	kfree(head);
}

static void go_on(bool unused)
{
	timers_and_work_go_on();
	call_rcu(kmalloc(sizeof(struct rcu_head), GFP_KERNEL), free_head);
	rcu_barrier();
	call_srcu(&domain, kmalloc(sizeof(struct rcu_head), GFP_KERNEL), free_head);
	srcu_barrier(&domain);
}

static void hold(bool unused)
{
	mutex_lock(&thing->lock);
}

static void unhold(bool unused)
{
	mutex_unlock(&thing->lock);
}

static void let_go_of_it(bool unused)
{
	complete(&thing->done);
	WRITE_ONCE(thing->woken, true);
	wake_up(&thing->waiters);
}

static const struct active_case cases[] = {
	{ "make", make },
	{ "go on", go_on },
	{ "hold", hold },
	{ "unhold", unhold },
	{ "let go", let_go_of_it },
	{ "timer", timer_case },
	{ "timer again", timer_again_case },
	{ "delayed", delayed_case },
	{ "work", work_case },
	{ "work again", work_again_case },
	{ "completion", completion_case },
	{ "mutex", mutex_case },
	{ "mutex again", mutex_again_case },
	{ "kobject", kobject_case },
	{ "kobject again", kobject_again_case },
	{ "held", held_case },
	{ "held again", held_again_case },
	{ "queue", queue_case },
	{ "queue again", queue_again_case },
	{ "rcu", rcu_case },
	{ "rcu again", rcu_again_case },
	{ "srcu", srcu_case },
	{ "kthread_work", kwork_case },
	{ "device", device_case },
	{ "device again", device_again_case },
	{ "kfree_rcu", kfree_rcu_case },
	{ "kfree_rcu again", kfree_rcu_again_case },
	{ "page", page_case },
	{ "area", area_case },
	{ "area held", area_held_case },
	{ "area or block", area_or_block_case },
	{ "page held", page_held_case },
	{ "cache", cache_case },
	{ "grown", grown_case },
	{ "devm", devm_case },
	{ "pool", pool_case },
	{ "coherent", coherent_case },
	{ "tasklet again", tasklet_again_case },
	{ "irq_work again", irq_work_again_case },
	{ "kthread_work again", kwork_again_case },
	{ "kthread_work delayed", kwork_delayed_freed_case },
	{ "kthread_work delayed again", kwork_delayed_again_case },
	{ "delayed again", delayed_again_case },
	{ "completion again", completion_again_case },
	{ "srcu again", srcu_again_case },
	{ "kobject added again", kobject_added_again_case },
	{ "device added again", device_added_again_case },
};

int k_run_case(const char *name, int clean)
{
	return run_active_case(cases, ARRAY_SIZE(cases), name, clean);
}

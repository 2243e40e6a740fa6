// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of explore.c: faults of which each shows in few schedules. */
#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "../modules/until_stopped.h"
#include "explore.h"

static DEFINE_MUTEX(lock);
static DECLARE_COMPLETION(end);
static long sum, step, wrong;
static bool begun, seen, saw_wrong;
static long *shared;
static atomic_t steps;
static struct {
	long who;
	unsigned int step;
} walked[2 * K_LONG];

long k_reset(void *unused)
{
	sum = 0;
	step = 0;
	wrong = 0;
	begun = false;
	seen = false;
	saw_wrong = false;
	atomic_set(&steps, 0);
	memset(walked, 0xff, sizeof(walked));
	reinit_completion(&end);
	kfree(shared);
	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	return shared ? 0 : -ENOMEM;
}

static long get(const long *value)
{
	long now;

	mutex_lock(&lock);
	now = *value;
	mutex_unlock(&lock);
	return now;
}

static void set(long *value, long now)
{
	mutex_lock(&lock);
	*value = now;
	mutex_unlock(&lock);
}

long k_add_one(void *unused)
{
	set(&sum, get(&sum) + 1);
	return 0;
}

long k_sum(void)
{
	return sum;
}

long k_two_steps(void *unused)
{
	set(&step, 1);
	set(&step, 2);
	return 0;
}

long k_looks_twice(void *unused)
{
	seen = get(&step) == 1;
	saw_wrong = get(&step) == 2 && seen;
	return 0;
}

long k_goes_far(void *who)
{
	unsigned int i;
	int at;

	for (i = 0; i < K_LONG; i++) {
		at = atomic_inc_return(&steps) - 1;
		walked[at].who = (long)who;
		walked[at].step = i;
	}
	return 0;
}

long k_goes_far_with_a_class(void *who)
{
	static struct lock_class_key key[2];
	struct mutex own;

	lockdep_register_key(&key[(long)who]);
	__mutex_init(&own, "passing", &key[(long)who]);
	mutex_lock(&own);
	mutex_unlock(&own);
	k_goes_far(who);
	lockdep_unregister_key(&key[(long)who]);
	return 0;
}

static struct mutex own[2] = {
	__MUTEX_INITIALIZER(own[0]), __MUTEX_INITIALIZER(own[1]),
};

long k_meets_once(void *who)
{
	static unsigned int middle = K_MEET;
	struct mutex *m;
	unsigned int i;

	for (i = 0; i <= 2 * K_MEET; i++) {
		/* not known to a compiler, which would make several loops of it */
		m = i == READ_ONCE(middle) ? &lock : &own[(long)who];
		mutex_lock(m);
		mutex_unlock(m);
	}
	return 0;
}

long k_adds_under_its_own_lock(void *who)
{
	long was;

	mutex_lock(&own[(long)who]);
	was = sum;
	mutex_unlock(&own[(long)who]);
	mutex_lock(&own[(long)who]);
	sum = was + 1;
	mutex_unlock(&own[(long)who]);
	return 0;
}

long k_went_wrong(void)
{
	unsigned int next[2] = { 0 }, i;

	for (i = 0; i < 2 * K_LONG; i++)
		if (walked[i].step != next[walked[i].who]++)
			return 1;
	return atomic_read(&steps) != 2 * K_LONG;
}

long k_waits(void *unused)
{
	mutex_lock(&lock);
	begun = true;
	mutex_unlock(&lock);
	wait_for_completion(&end);
	return 0;
}

long k_completes_if_early(void *unused)
{
	bool late;

	mutex_lock(&lock);
	late = begun;
	mutex_unlock(&lock);
	if (!late)
		complete(&end);
	return 0;
}

long k_allocates(void *unused)
{
	void *p = kmalloc(8, GFP_KERNEL);

	if (!p) {
		set(&wrong, 1);
		set(&wrong, 0);
		return -ENOMEM;
	}
	kfree(p);
	return 0;
}

static DEFINE_MUTEX(rare);

/* Another touches @rare only where this is preempted: earlier schedules show no such place. */
long k_may_fail_behind_a_place(void *unused)
{
	mutex_lock(&rare);
	mutex_unlock(&rare);
	kfree(kmalloc(8, GFP_KERNEL));
	set(&wrong, 1);
	set(&wrong, 0);
	return 0;
}

long k_touches_if_it_saw(void *unused)
{
	if (get(&wrong)) {
		mutex_lock(&rare);
		mutex_unlock(&rare);
	}
	return 0;
}

long k_looks(void *unused)
{
	saw_wrong = get(&wrong);
	return 0;
}

long k_saw_wrong(void)
{
	return saw_wrong;
}

long k_alone(void *unused)
{
	static DEFINE_MUTEX(own);
	int i;

	for (i = 0; i < 3; i++) {
		mutex_lock(&own);
		mutex_unlock(&own);
	}
	return 0;
}

long k_frees(void *unused)
{
	long *p;

	mutex_lock(&lock);
	p = shared;
	shared = NULL;
	mutex_unlock(&lock);
	kfree(p);
	return 0;
}

long k_uses(void *unused)
{
	long *p;

	mutex_lock(&lock);
	p = shared;
	mutex_unlock(&lock);
	/* it may be gone by now */
	if (p)
		kfree(p);
	mutex_lock(&lock);
	if (shared == p)
		shared = NULL;
	mutex_unlock(&lock);
	return 0;
}

long k_makes_it_once(void *unused)
{
	static bool is_made;

	if (!READ_ONCE(is_made))
		get(&sum);
	WRITE_ONCE(is_made, true);
	get(&sum);
	return 0;
}

__no_sanitize_thread long k_fickle(void *times)
{
	if ((*(int *)times)++ % 3 == 2)
		get(&sum);
	get(&sum);
	return 0;
}

/* ---- what kernel threads run ---------------------------------------------------------- */

static void add_by_work(struct work_struct *work)
{
	k_add_one(NULL);
}
static DECLARE_WORK(one_work, add_by_work);
static DECLARE_WORK(other_work, add_by_work);

long k_queues_and_adds(void *unused)
{
	queue_work(system_wq, &one_work);
	return k_add_one(NULL);
}

long k_cancels_and_adds(void *unused)
{
	queue_work(system_wq, &one_work);
	if (cancel_work_sync(&one_work))
		k_add_one(NULL);
	return k_add_one(NULL);
}

long k_queues_two(void *unused)
{
	queue_work(system_wq, &one_work);
	queue_work(system_wq, &other_work);
	flush_work(&one_work);
	flush_work(&other_work);
	return 0;
}

long k_sum_of_work(void)
{
	flush_work(&one_work);
	flush_work(&other_work);
	return sum;
}

static DEFINE_SPINLOCK(count_lock);
static long count;

static void count_one(void)
{
	long now;

	spin_lock_bh(&count_lock);
	now = count;
	spin_unlock_bh(&count_lock);
	spin_lock_bh(&count_lock);
	count = now + 1;
	spin_unlock_bh(&count_lock);
}

static void count_by_timer(struct timer_list *timer)
{
	count_one();
}
static DEFINE_TIMER(counts, count_by_timer);

long k_arms_and_counts(void *unused)
{
	count = 0;
	mod_timer(&counts, jiffies + 3600 * HZ);
	count_one();
	return 0;
}

long k_disarms_and_counts(void *unused)
{
	count = 0;
	mod_timer(&counts, jiffies + 3600 * HZ);
	if (del_timer_sync(&counts))
		count_one();
	count_one();
	return 0;
}

long k_count(void)
{
	if (del_timer_sync(&counts))
		count_one();
	return count;
}

static int add_by_thread(void *unused)
{
	k_add_one(NULL);
	sleep_until_stopped();
	return 0;
}

static struct task_struct *thread;

long k_starts_and_adds(void *unused)
{
	thread = kthread_run(add_by_thread, NULL, "adds");
	return k_add_one(NULL);
}

long k_sum_of_thread(void)
{
	/* one that had not begun does not */
	return sum + (kthread_stop(thread) == -EINTR);
}

static void arm_again(struct timer_list *timer)
{
	mod_timer(timer, jiffies + 1);
}
static DEFINE_TIMER(arms_again, arm_again);

long k_waits_beside_a_timer(void *unused)
{
	mod_timer(&arms_again, jiffies + 1);
	wait_for_completion(&end);
	return 0;
}

static bool busy;
static atomic_t steps;

static void wait_while_busy(struct timer_list *timer)
{
	while (READ_ONCE(busy))
		cpu_relax();
}
static DEFINE_TIMER(waits, wait_while_busy);

long k_is_busy(void *unused)
{
	WRITE_ONCE(busy, true);
	mod_timer(&waits, jiffies + HZ);
	atomic_inc(&steps);
	WRITE_ONCE(busy, false);
	del_timer_sync(&waits);
	return 0;
}

long k_is_busy_uninterrupted(void *unused)
{
	local_bh_disable();
	WRITE_ONCE(busy, true);
	mod_timer(&waits, jiffies + HZ);
	atomic_inc(&steps);
	WRITE_ONCE(busy, false);
	local_bh_enable();
	del_timer_sync(&waits);
	return 0;
}

/* ---- devices that interrupt ------------------------------------------------------------ */

static struct device_line {
	int irq;
	bool has_handler, came;
} devices[K_DEVICES];
static DEFINE_SPINLOCK(device_lock);
static long device_sum, handled;
static struct task_struct *interrupted_one;
static DECLARE_COMPLETION(interrupted);

static long device_get(void)
{
	long now;

	spin_lock(&device_lock);
	now = device_sum;
	spin_unlock(&device_lock);
	return now;
}

static void device_set(long now)
{
	spin_lock(&device_lock);
	device_sum = now;
	spin_unlock(&device_lock);
}

static irqreturn_t device_handler(int line, void *device)
{
	struct device_line *d = device;

	spin_lock(&device_lock);
	device_sum++;
	handled++;
	d->came = true;
	interrupted_one = current;
	complete(&interrupted);
	spin_unlock(&device_lock);
	return IRQ_HANDLED;
}

static bool was_interrupted(void)
{
	unsigned long flags;
	bool was;

	spin_lock_irqsave(&device_lock, flags);
	was = interrupted_one == current;
	spin_unlock_irqrestore(&device_lock, flags);
	return was;
}

static int add_line(struct device_line *d)
{
	if (d->irq > 0)
		return 0;
	d->irq = irq_alloc_desc(NUMA_NO_NODE);
	if (d->irq < 0)
		return d->irq;
	irq_set_chip_and_handler(d->irq, &dummy_irq_chip, handle_edge_irq);
	irq_clear_status_flags(d->irq, IRQ_NOREQUEST);
	return 0;
}

static int add_handler(struct device_line *d)
{
	int err = d->has_handler ? 0 : request_irq(d->irq, device_handler, 0, "explored", d);

	d->has_handler = !err;
	return err;
}

static void remove_handler(struct device_line *d)
{
	free_irq(d->irq, d);
	d->has_handler = false;
}

static void nothing_came(void)
{
	unsigned long flags;
	int i;

	spin_lock_irqsave(&device_lock, flags);
	device_sum = 0;
	handled = 0;
	interrupted_one = NULL;
	for (i = 0; i < K_DEVICES; i++)
		devices[i].came = false;
	reinit_completion(&interrupted);
	spin_unlock_irqrestore(&device_lock, flags);
}

long k_devices_reset(void *n)
{
	int i, err = k_reset(NULL);

	nothing_came();
	err = err ?: add_line(&devices[0]);
	for (i = 0; !err && i < (long)n; i++)
		err = add_line(&devices[i]) ?: add_handler(&devices[i]);
	return err;
}

long k_device_resets(void *unused)
{
	return k_devices_reset((void *)1);
}

void k_devices_end(void)
{
	struct device_line *d;

	for (d = devices; d < devices + K_DEVICES; d++) {
		if (d->has_handler)
			remove_handler(d);
		if (d->irq > 0)
			irq_free_desc(d->irq);
		d->irq = 0;
	}
}

long k_who_interrupted(void)
{
	unsigned long flags;
	long who = 0;
	int i;

	spin_lock_irqsave(&device_lock, flags);
	for (i = 0; i < K_DEVICES; i++)
		who |= (long)devices[i].came << i;
	spin_unlock_irqrestore(&device_lock, flags);
	return who;
}

/* It does not interrupt between two of its own lines only. */
long k_adds_open(void *unused)
{
	unsigned long flags;
	long now;

	local_irq_save(flags);
	now = device_get();
	local_irq_restore(flags);
	local_irq_save(flags);
	device_set(now + 1);
	local_irq_restore(flags);
	return was_interrupted();
}

long k_adds_with_interrupts_off(void *unused)
{
	unsigned long flags;
	bool here;

	local_irq_save(flags);
	device_set(device_get() + 1);
	here = was_interrupted();
	local_irq_restore(flags);
	return here;
}

long k_adds_locked(void *unused)
{
	unsigned long flags;

	spin_lock_irqsave(&device_lock, flags);
	device_sum++;
	spin_unlock_irqrestore(&device_lock, flags);
	return 0;
}

long k_sum_of_interrupts(void)
{
	unsigned long flags;
	long sum_of_tasks;

	spin_lock_irqsave(&device_lock, flags);
	sum_of_tasks = device_sum - handled;
	spin_unlock_irqrestore(&device_lock, flags);
	return sum_of_tasks;
}

long k_waits_for_the_interrupt(void *unused)
{
	wait_for_completion(&interrupted);
	return 0;
}

long k_waits_a_while_for_it(void *unused)
{
	return wait_for_completion_timeout(&interrupted, HZ) ? 1 : 2;
}

long k_waits_for_many(void *unused)
{
	int i;

	for (i = 0; i < 6; i++)
		wait_for_completion(&interrupted);
	return 0;
}

long k_requests_and_adds(void *unused)
{
	int err;

	k_goes_far((void *)0);
	err = add_handler(&devices[0]);
	if (err)
		return err;
	k_adds_open(NULL);
	remove_handler(&devices[0]);
	return 0;
}

/* ---- programs by chance --------------------------------------------------------------- */

#define N_MUTEXES 2
#define N_COUNTS 3

static DECLARE_RWSEM(table_lock);
static struct mutex program_lock[N_MUTEXES] = {
	__MUTEX_INITIALIZER(program_lock[0]), __MUTEX_INITIALIZER(program_lock[1]),
};
static atomic_t counts_by_all[N_COUNTS];
static u64 done_to[1 + N_MUTEXES];		/* by whom, in order; each with what guards it */
static u64 has_seen[2 * K_PROGRAMS];		/* the tasks, and their work items */

struct program {
	struct work_struct work;
	unsigned int who;
	u32 random;
	bool queued;
	unsigned int again;	/* so often it begins, instead of once */
};

static struct program programs[2 * K_PROGRAMS];

static unsigned int draw(struct program *p, unsigned int n)
{
	p->random = p->random * 1664525 + 1013904223;
	return (p->random >> 16) % n;
}

static void see(const struct program *p, unsigned int what, u64 value)
{
	has_seen[p->who] = (has_seen[p->who] ^ value) * 0x100000001b3ULL + what;
}

static void change(const struct program *p, unsigned int what)
{
	see(p, what, done_to[what]);
	done_to[what] = done_to[what] * (2 * K_PROGRAMS + 1) + p->who + 1;
}

static void count_in(struct program *p)
{
	unsigned int n = draw(p, N_COUNTS);

	see(p, 1 + N_MUTEXES + n, atomic_inc_return(&counts_by_all[n]));
}

/* One under the other in any order: such programs may come to a deadlock. */
static bool nests;
/* A work item begins again and again, as the only one. */
static bool begins_again;

static void lock_other_in(struct program *p, unsigned int n)
{
	mutex_lock(&program_lock[n]);
	change(p, 1 + n);
	mutex_unlock(&program_lock[n]);
}

static void lock_in(struct program *p)
{
	unsigned int n = draw(p, N_MUTEXES);

	mutex_lock(&program_lock[n]);
	change(p, 1 + n);
	if (nests && draw(p, 2))
		lock_other_in(p, (n + 1) % N_MUTEXES);
	else if (draw(p, 2))
		count_in(p);
	mutex_unlock(&program_lock[n]);
}

static void read_in(struct program *p)
{
	down_read(&table_lock);
	see(p, 0, done_to[0]);
	if (draw(p, 2))
		lock_in(p);
	up_read(&table_lock);
}

static void write_in(struct program *p)
{
	down_write(&table_lock);
	change(p, 0);
	if (draw(p, 2))
		count_in(p);
	up_write(&table_lock);
}

static void run_program(struct program *p, unsigned int steps)
{
	while (steps--) {
		switch (draw(p, nests ? 2 : 6)) {
		case 0:
			lock_in(p);
			break;
		case 1:
			read_in(p);
			break;
		case 2:
			write_in(p);
			break;
		case 3:
			if (p->who < K_PROGRAMS && !p->queued && !begins_again)
				queue_work(system_unbound_wq, &programs[p->who + K_PROGRAMS].work);
			p->queued = true;
			break;
		default:
			count_in(p);
			break;
		}
	}
}

static void work_of_program(struct work_struct *work)
{
	struct program *p = container_of(work, struct program, work);

	run_program(p, p->again ? 1 : 2);
	if (p->again && --p->again)
		queue_work(system_unbound_wq, work);
}

long k_program_reset(void *seed)
{
	unsigned int i;

	nests = (unsigned long)seed & K_NESTS;
	begins_again = (unsigned long)seed & K_BEGINS_AGAIN;
	/* an order that might lead to a deadlock is no finding */
	for (i = 0; nests && i < N_MUTEXES; i++) {
		mutex_init(&program_lock[i]);
		lockdep_set_novalidate_class(&program_lock[i]);
	}
	for (i = 0; i < N_COUNTS; i++)
		atomic_set(&counts_by_all[i], 0);
	memset(done_to, 0, sizeof(done_to));
	memset(has_seen, 0, sizeof(has_seen));
	for (i = 0; i < ARRAY_SIZE(programs); i++) {
		INIT_WORK(&programs[i].work, work_of_program);
		programs[i].who = i;
		programs[i].random = (unsigned long)seed * 977 + i * 31;
		programs[i].queued = false;
		programs[i].again = 0;
	}
	if (begins_again)
		programs[K_PROGRAMS].again = 8;
	return 0;
}

long k_program(void *who)
{
	struct program *p = &programs[(long)who - 1];

	if (begins_again && !p->who)
		queue_work(system_unbound_wq, &programs[p->who + K_PROGRAMS].work);
	run_program(p, begins_again ? 1 : 3);
	return 0;
}

unsigned long long k_program_end(void)
{
	u64 h = 0;
	unsigned int i;

	for (i = 0; i < K_PROGRAMS; i++)
		flush_work(&programs[i + K_PROGRAMS].work);
	for (i = 0; i < ARRAY_SIZE(has_seen); i++)
		h = (h ^ has_seen[i]) * 0x9e3779b97f4a7c15ULL;
	for (i = 0; i < ARRAY_SIZE(done_to); i++)
		h = (h ^ done_to[i]) * 0x9e3779b97f4a7c15ULL;
	return h | 1;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists that readers walk without a lock. An insertion publishes the entry
 * with release order, a reader's step loads with acquire order (stronger than
 * the dependency order the kernel relies on, which TSan cannot see).
 */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

#define um_rcu_publish(slot, entry) \
	__atomic_store_n(&(slot), entry, __ATOMIC_RELEASE)
#define um_rcu_follow(slot) __atomic_load_n(&(slot), __ATOMIC_ACQUIRE)

#define list_next_rcu(list) ((list)->next)

static inline void INIT_LIST_HEAD_RCU(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	WRITE_ONCE(list->prev, list);
}

static inline void __list_add_rcu(struct list_head *entry,
				  struct list_head *prev, struct list_head *next)
{
	if (!__list_add_valid(entry, prev, next))
		return;
	entry->next = next;
	entry->prev = prev;
	um_rcu_publish(prev->next, entry);
	next->prev = entry;
}

static inline void list_add_rcu(struct list_head *entry, struct list_head *head)
{
	__list_add_rcu(entry, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *entry,
				     struct list_head *head)
{
	__list_add_rcu(entry, head->prev, head);
}

/* The next pointer stays, for readers that stand on the entry. */
static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *new)
{
	new->next = old->next;
	new->prev = old->prev;
	um_rcu_publish(new->prev->next, new);
	new->next->prev = new;
	old->prev = LIST_POISON2;
}

static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	WRITE_ONCE(n->pprev, LIST_POISON2);
}

static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (hlist_unhashed(n))
		return;
	__hlist_del(n);
	WRITE_ONCE(n->pprev, NULL);
}

static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	um_rcu_publish(h->first, n);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
}

static inline void hlist_replace_rcu(struct hlist_node *old,
				     struct hlist_node *new)
{
	struct hlist_node *next = old->next;

	new->next = next;
	WRITE_ONCE(new->pprev, old->pprev);
	um_rcu_publish(*new->pprev, new);
	if (next)
		WRITE_ONCE(next->pprev, &new->next);
	WRITE_ONCE(old->pprev, LIST_POISON2);
}

#define list_entry_rcu(ptr, type, member) \
	container_of(um_rcu_follow(ptr), type, member)
#define list_first_or_null_rcu(ptr, type, member)			\
({									\
	struct list_head *__um_head = (ptr);				\
	struct list_head *__um_pos = um_rcu_follow(__um_head->next);	\
	__um_pos != __um_head ? list_entry(__um_pos, type, member) : NULL; \
})
#define list_for_each_entry_rcu(pos, head, member, ...)			\
	for (pos = list_entry_rcu((head)->next, typeof(*pos), member);	\
	     !list_entry_is_head(pos, head, member);			\
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_continue_rcu(pos, head, member)		\
	for (pos = list_entry_rcu(pos->member.next, typeof(*pos), member); \
	     !list_entry_is_head(pos, head, member);			\
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define hlist_for_each_entry_rcu(pos, head, member, ...)		\
	for (pos = hlist_entry_safe(um_rcu_follow((head)->first),	\
				    typeof(*(pos)), member);		\
	     pos;							\
	     pos = hlist_entry_safe(um_rcu_follow((pos)->member.next),	\
				    typeof(*(pos)), member))

#endif

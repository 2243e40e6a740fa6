// SPDX-License-Identifier: GPL-2.0-only
/* Sorting and searching: heap sort in place, merge sort of lists, bisection. */
#include <linux/bsearch.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/sort.h>
#include <linux/string.h>

struct sorter {
	char *base;
	size_t size;
	cmp_r_func_t cmp;
	swap_r_func_t swap;
	const void *priv;
};

static void swap_bytes(char *a, char *b, size_t n)
{
	while (n--) {
		char c = *a;

		*a++ = *b;
		*b++ = c;
	}
}

static void exchange(const struct sorter *s, size_t i, size_t j)
{
	char *a = s->base + i * s->size, *b = s->base + j * s->size;

	if (s->swap)
		s->swap(a, b, (int)s->size, s->priv);
	else
		swap_bytes(a, b, s->size);
}

static bool below(const struct sorter *s, size_t i, size_t j)
{
	return s->cmp(s->base + i * s->size, s->base + j * s->size, s->priv) < 0;
}

static void sift_down(const struct sorter *s, size_t root, size_t num)
{
	for (;;) {
		size_t child = 2 * root + 1;

		if (child >= num)
			return;
		if (child + 1 < num && below(s, child, child + 1))
			child++;
		if (!below(s, root, child))
			return;
		exchange(s, root, child);
		root = child;
	}
}

/**
 * sort_r() - sort an array in place; equal elements may change places
 * @base: the array
 * @num: how many elements
 * @size: of an element in bytes
 * @cmp: compares two, as strcmp() does; gets @priv
 * @swap_func: exchanges two, gets @priv; NULL: their bytes are exchanged
 * @priv: for the callbacks
 *
 * Context: as the callbacks want it. A heap sort: it needs no memory.
 */
void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp,
	    swap_r_func_t swap_func, const void *priv)
{
	const struct sorter s = { base, size, cmp, swap_func, priv };
	size_t i;

	for (i = num / 2; i-- > 0;)
		sift_down(&s, i, num);
	for (i = num; i-- > 1;) {
		exchange(&s, 0, i);
		sift_down(&s, 0, i);
	}
}
EXPORT_SYMBOL(sort_r);

struct plain {
	cmp_func_t cmp;
	swap_func_t swap;
};

static int plain_cmp(const void *a, const void *b, const void *priv)
{
	return ((const struct plain *)priv)->cmp(a, b);
}

static void plain_swap(void *a, void *b, int size, const void *priv)
{
	((const struct plain *)priv)->swap(a, b, size);
}

/**
 * sort() - sort_r() without a private pointer
 * @base: the array
 * @num: how many elements
 * @size: of an element in bytes
 * @cmp: compares two, as strcmp() does
 * @swap_func: exchanges two; NULL: their bytes are exchanged
 *
 * Context: as the callbacks want it.
 */
void sort(void *base, size_t num, size_t size, cmp_func_t cmp,
	  swap_func_t swap_func)
{
	const struct plain p = { cmp, swap_func };

	sort_r(base, num, size, plain_cmp, swap_func ? plain_swap : NULL, &p);
}
EXPORT_SYMBOL(sort);

/**
 * bsearch() - find an element of a sorted array
 * @key: what to look for
 * @base: the array
 * @num: how many elements
 * @size: of an element in bytes
 * @cmp: compares @key with an element, as strcmp() does
 *
 * Return: an element that compares as equal, or NULL.
 */
void *bsearch(const void *key, const void *base, size_t num, size_t size,
	      int (*cmp)(const void *key, const void *elt))
{
	const char *p = base;

	while (num) {
		const char *middle = p + (num / 2) * size;
		int order = cmp(key, middle);

		if (!order)
			return (void *)middle;
		if (order > 0) {
			p = middle + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}
UM_EXPORT_SYMBOL_AS("um_k_bsearch");

/**
 * list_sort() - sort a list; equal entries keep their order
 * @priv: for @cmp
 * @head: the list
 * @cmp: more than 0 when its first entry has to come after its second
 *
 * Context: as @cmp wants it. Recursive, where Linux's is not: as deep as the
 * logarithm of the length.
 */
void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp)
{
	struct list_head left, *middle = head, *end = head;
	LIST_HEAD(merged);

	if (list_empty(head) || list_is_singular(head))
		return;
	do {
		middle = middle->next;
		end = end->next->next;
	} while (end != head && end->next != head);
	list_cut_position(&left, head, middle);
	list_sort(priv, &left, cmp);
	list_sort(priv, head, cmp);
	while (!list_empty(&left) && !list_empty(head)) {
		bool right = cmp(priv, left.next, head->next) > 0;

		list_move_tail(right ? head->next : left.next, &merged);
	}
	list_splice_tail_init(&left, &merged);
	list_splice(&merged, head);
}
EXPORT_SYMBOL(list_sort);

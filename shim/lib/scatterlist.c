// SPDX-License-Identifier: GPL-2.0-only
/* Scatter lists. Every table is one array. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

/**
 * sg_next() - the entry after one, through a chain if need be
 * @sg: the entry
 *
 * Return: the next entry, or NULL at the end.
 */
struct scatterlist *sg_next(struct scatterlist *sg)
{
	if (sg_is_last(sg))
		return NULL;
	sg++;
	return sg_is_chain(sg) ? sg_chain_ptr(sg) : sg;
}
EXPORT_SYMBOL(sg_next);

/**
 * sg_nents() - count the entries
 * @sg: the first, or NULL
 *
 * Return: how many up to the end mark; entries that chain do not count.
 */
int sg_nents(struct scatterlist *sg)
{
	int n;

	for (n = 0; sg; n++)
		sg = sg_next(sg);
	return n;
}
EXPORT_SYMBOL(sg_nents);

/**
 * sg_last() - the last entry
 * @sgl: the first
 * @nents: how many there are: the last must have the end mark, else BUG()
 *
 * Return: the last entry.
 */
struct scatterlist *sg_last(struct scatterlist *sgl, unsigned int nents)
{
	struct scatterlist *sg, *last = NULL;
	unsigned int i;

	for_each_sg(sgl, sg, nents, i)
		last = sg;
	BUG_ON(!last || !sg_is_last(last));
	return last;
}
EXPORT_SYMBOL(sg_last);

/**
 * sg_init_table() - make an array of empty entries, the last with the end mark
 * @sgl: the array
 * @nents: how many, at least 1
 */
void sg_init_table(struct scatterlist *sgl, unsigned int nents)
{
	memset(sgl, 0, sizeof(*sgl) * nents);
	sg_mark_end(&sgl[nents - 1]);
}
EXPORT_SYMBOL(sg_init_table);

/**
 * sg_init_one() - make a list of one entry
 * @sg: the entry
 * @buf: memory that has pages
 * @buflen: its length in bytes
 */
void sg_init_one(struct scatterlist *sg, const void *buf, unsigned int buflen)
{
	sg_init_table(sg, 1);
	sg_set_buf(sg, buf, buflen);
}
EXPORT_SYMBOL(sg_init_one);

/**
 * um_sg_alloc_table() - sg_alloc_table(): a table of empty entries
 * @table: filled in; NULL pointers after an error
 * @nents: how many
 * @gfp: how to allocate
 *
 * One array, where Linux chains pages of entries.
 *
 * Context: as @gfp says.
 *
 * Return: 0; -EINVAL for none; -ENOMEM. To be freed by sg_free_table().
 */
int um_sg_alloc_table(struct sg_table *table, unsigned int nents, gfp_t gfp)
{
	memset(table, 0, sizeof(*table));
	if (!nents)
		return -EINVAL;
	/* no leaf: um_fallible() is around the call */
	table->sgl = um_kvmalloc_array(nents, sizeof(*table->sgl), gfp);
	if (!table->sgl)
		return -ENOMEM;
	sg_init_table(table->sgl, nents);
	table->nents = nents;
	table->orig_nents = nents;
	return 0;
}
EXPORT_SYMBOL(um_sg_alloc_table);

/**
 * sg_free_table() - free the entries of a table, not what they point at
 * @table: the table; a second call does no harm
 */
void sg_free_table(struct sg_table *table)
{
	kvfree(table->sgl);
	memset(table, 0, sizeof(*table));
}
EXPORT_SYMBOL(sg_free_table);

/* How many of @pages from the first on lie in a row, within @max bytes. */
static unsigned int run_length(struct page **pages, unsigned int n,
			       unsigned int max)
{
	unsigned int i;

	for (i = 1; i < n && (i + 1UL) << PAGE_SHIFT <= max; i++)
		if (page_to_pfn(pages[i]) != page_to_pfn(pages[i - 1]) + 1)
			break;
	return i;
}

static unsigned int count_runs(struct page **pages, unsigned int n,
			       unsigned int max)
{
	unsigned int runs = 0, len;

	for (; n; n -= len, pages += len, runs++)
		len = run_length(pages, n, max);
	return runs;
}

/**
 * um_sg_alloc_table_from_pages() - sg_alloc_table_from_pages_segment()
 * @table: filled in: one entry for pages that lie in a row
 * @pages: the pages; no reference is taken
 * @n_pages: how many
 * @offset: bytes to skip in the first page
 * @size: bytes in all, no more than the pages have
 * @max_segment: bytes that an entry may have, rounded down to pages
 * @gfp: how to allocate
 *
 * Context: as @gfp says.
 *
 * Return: 0; -EINVAL for no pages, and with a warning for a @max_segment below
 * a page; -ENOMEM. To be freed by sg_free_table().
 */
int um_sg_alloc_table_from_pages(struct sg_table *table, struct page **pages,
				 unsigned int n_pages, unsigned int offset,
				 unsigned long size, unsigned int max_segment,
				 gfp_t gfp)
{
	unsigned int i, len, max = ALIGN_DOWN(max_segment, PAGE_SIZE);
	struct scatterlist *sg;
	unsigned long bytes;
	int err;

	if (WARN_ON(!max))
		return -EINVAL;
	err = um_sg_alloc_table(table, count_runs(pages, n_pages, max), gfp);
	if (err)
		return err;
	for_each_sgtable_sg(table, sg, i) {
		len = run_length(pages, n_pages, max);
		bytes = ((unsigned long)len << PAGE_SHIFT) - offset;
		bytes = min(bytes, size);
		sg_set_page(sg, pages[0], bytes, offset);
		size -= bytes;
		offset = 0;
		pages += len;
		n_pages -= len;
	}
	return 0;
}
EXPORT_SYMBOL(um_sg_alloc_table_from_pages);

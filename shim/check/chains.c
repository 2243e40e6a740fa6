// SPDX-License-Identifier: GPL-2.0-only
/* How a table of chains grows, see chains.h. */
#include "check/chains.h"
#include "host/host.h"

#define FIRST_BITS	12

void um_chains_grow(struct um_chains *chains, um_chain_fn chain_of)
{
	unsigned long i, n_old = chains->heads ? 1UL << chains->bits : 0;
	void **old = chains->heads, **head, **record, **next;

	chains->bits = old ? chains->bits + 2 : FIRST_BITS;
	chains->heads = host_need(sizeof(*chains->heads) << chains->bits);
	for (i = 0; i < n_old; i++) {
		for (record = old[i]; record; record = next) {
			next = *record;
			head = &chains->heads[chain_of(chains, record)];
			*record = *head;
			*head = record;
		}
	}
	host_free(old);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* What mod_lender gives mod_borrower. */
#ifndef MOD_LENDER_H
#define MOD_LENDER_H

struct kobject;

/* Without a reference. */
struct kobject *mod_lender_kobj(void);

#endif

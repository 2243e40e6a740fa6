/* SPDX-License-Identifier: GPL-2.0-only */
/* at_once_kern.c, as at_once.c calls it. */
#ifndef UMDEV_TESTS_UNIT_AT_ONCE_H
#define UMDEV_TESTS_UNIT_AT_ONCE_H

/* What two tasks do at once; @two may be @one. */
struct at_once {
	const char *name;
	int (*begin)(void);
	void (*one)(unsigned int i);
	void (*two)(unsigned int i);
	int (*end)(void);	/* 0: all is as it should be */
};

/* Ended by one without a name. */
extern const struct at_once k_at_once[];

/* A driver of the card that is plugged in: what it does beside the hardware. */
int k_card_begin(void);
void k_card_messages(unsigned int i);
void k_card_pin(unsigned int i);
void k_card_registers(unsigned int i);
int k_card_end(void);

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drivers of Linux's own PCI cards, loaded where the cards are: each is bound, does
 * something, and leaves nothing. TAP.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "umdev/hardware.h"
#include "umdev/umdev.h"

#define TEST_BAR	0x5001	/* PCITEST_BAR: 1 when what is written is read again */

/* Registers that are there, and read as they were written, are all that it asks of BAR 0. */
static bool endpoint_works(void)
{
	int fd = um_open("/dev/pci-endpoint-test.0", O_RDWR);
	long ret = um_ioctl(fd, TEST_BAR, 0);

	um_close(fd);
	return ret == 1;
}

static const struct {
	const char *module, *driver, *card;
	bool (*works)(void);
} drivers[] = {
	{ "pci_endpoint_test", "pci-endpoint-test", "104c:b500,bar0=4K,bar2=64K,msi=4,intx=1",
	  endpoint_works },
	{ "hpilo", "hpilo", "0e11:b204,bar1=512,bar2=256K,bar3=1M,intx=1", NULL },
	{ "phantom", "phantom",
	  "10b5:9050,sub=10b5:9050,class=068000,bar0=512,bar2=512,bar3=4K,intx=2", NULL },
};

static bool is_bound(const struct um_pci *card, const char *driver)
{
	char path[128], link[256] = "";
	const char *name;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", um_pci_name(card));
	um_readlink(path, link, sizeof(link) - 1);
	name = strrchr(link, '/');
	return name && !strcmp(name + 1, driver);
}

static bool try_driver(unsigned int i)
{
	struct um_pci *card = um_pci_add_text(drivers[i].card);
	bool ok = card && !um_insmod(drivers[i].module, NULL);

	ok = ok && is_bound(card, drivers[i].driver) && (!drivers[i].works || drivers[i].works());
	ok = !um_rmmod(drivers[i].module) && ok;
	if (card)
		um_pci_remove(card);
	return !um_audit(NULL, NULL) && !um_check_splats() && ok;
}

int main(int argc, char **argv)
{
	unsigned int i, n = sizeof(drivers) / sizeof(drivers[0]), bad = 0;
	bool ok;

	if (um_boot(argc > 1 ? argv[1] : NULL))
		return 1;
	printf("1..%u\n", n);
	for (i = 0; i < n; i++) {
		ok = try_driver(i);
		bad += !ok;
		printf("%s %u - %s serves %s\n", ok ? "ok" : "not ok", i + 1, drivers[i].driver,
		       drivers[i].card);
	}
	return um_shutdown() || bad;
}

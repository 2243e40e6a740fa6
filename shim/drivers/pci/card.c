// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hardware of a PCI card, as a test plugs it in: config space with the registers
 * that can be written, sizes of BARs, capabilities; registers; messages and a pin.
 * Nothing here knows of drivers. The memory of a BAR has its address from the
 * start; another one that is written to the BAR reads back, and moves nothing.
 *
 * The inner lock guards what the hardware is: its config space, whether it is there,
 * its pin, and the device that the bus has made of it. Slots are the bus's.
 *
 * Left out: ROMs, ports of I/O, bridges, functions but the first, masks of MSI, the
 * table of MSI-X as registers.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "drivers/pci/pci.h"
#include "host/host.h"
#include "kernel/sched/wait.h"
#include "mm/ioremap.h"

#define CAP_PM		0x40
#define CAP_MSI		0x50
#define CAP_MSIX	0x70
#define CAP_EXP		0x80

struct card_bar {
	struct um_pci *card;
	unsigned int nr;
	u64 size;
	struct um_io_region *region;
};

struct um_pci {
	unsigned int slot;
	char name[16];
	struct um_pci_config is;
	bool there;			/* plugged in */
	bool stays;			/* nobody will pull it out; from before it is plugged in */
	u8 config[PCI_CFG_SPACE_EXP_SIZE];
	u8 writable[PCI_CFG_SPACE_SIZE];	/* bits of it */
	struct card_bar bars[UM_PCI_BARS];
	bool raised;			/* the pin */
	struct pci_dev *dev;		/* as the bus sees it; NULL: not at all */
};

/* Under pci_lock_rescan_remove(). */
static struct um_pci *slots[UM_PCI_SLOTS + 1];

/* ---- config space ---------------------------------------------------------------- */

static void set(struct um_pci *c, unsigned int where, unsigned int size, u32 value)
{
	memcpy(&c->config[where], &value, size);
}

static u32 get(const struct um_pci *c, unsigned int where, unsigned int size)
{
	u32 value = 0;

	memcpy(&value, &c->config[where], size);
	return value;
}

static u32 look(const struct um_pci *c, unsigned int where, unsigned int size)
{
	u32 value;

	um_sched_lock();
	value = get(c, where, size);
	um_sched_unlock();
	return value;
}

static void set_writable(struct um_pci *c, unsigned int where, unsigned int size, u32 bits)
{
	memcpy(&c->writable[where], &bits, size);
}

static u8 add_capability(struct um_pci *c, u8 where, u8 id, u8 next)
{
	c->config[where] = id;
	c->config[where + 1] = next;
	return where;
}

static void add_capabilities(struct um_pci *c)
{
	u8 first = 0;

	if (c->is.pcie) {
		first = add_capability(c, CAP_EXP, PCI_CAP_ID_EXP, first);
		set(c, CAP_EXP + PCI_EXP_FLAGS, 2, 2 | PCI_EXP_TYPE_ENDPOINT << 4);
		set_writable(c, CAP_EXP + PCI_EXP_DEVCTL, 2, 0xffff);
		set_writable(c, CAP_EXP + PCI_EXP_LNKCTL, 2, 0xffff);
		set(c, CAP_EXP + PCI_EXP_LNKCAP, 4, PCI_EXP_LNKCAP_SLS_2_5GB | 1 << 4);
		set(c, CAP_EXP + PCI_EXP_LNKSTA, 2, PCI_EXP_LNKSTA_CLS_2_5GB | 1 << 4);
	}
	if (c->is.msix) {
		first = add_capability(c, CAP_MSIX, PCI_CAP_ID_MSIX, first);
		set(c, CAP_MSIX + PCI_MSIX_FLAGS, 2, c->is.msix - 1);
		set_writable(c, CAP_MSIX + PCI_MSIX_FLAGS, 2,
			     PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	}
	if (c->is.msi) {
		first = add_capability(c, CAP_MSI, PCI_CAP_ID_MSI, first);
		set(c, CAP_MSI + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_64BIT | ilog2(c->is.msi) << 1);
		set_writable(c, CAP_MSI + PCI_MSI_FLAGS, 2,
			     PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE);
		set_writable(c, CAP_MSI + PCI_MSI_ADDRESS_LO, 4, ~3u);
		set_writable(c, CAP_MSI + PCI_MSI_ADDRESS_HI, 4, ~0u);
		set_writable(c, CAP_MSI + PCI_MSI_DATA_64, 2, 0xffff);
	}
	first = add_capability(c, CAP_PM, PCI_CAP_ID_PM, first);
	set(c, CAP_PM + PCI_PM_PMC, 2, 3);
	set_writable(c, CAP_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_STATE_MASK);
	c->config[PCI_CAPABILITY_LIST] = first;
	set(c, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
}

static void set_bar(struct um_pci *c, const struct card_bar *bar)
{
	unsigned int where = PCI_BASE_ADDRESS_0 + 4 * bar->nr;
	u64 address = um_io_region_phys(bar->region);

	set(c, where, 4, (u32)address | (c->is.wide ? PCI_BASE_ADDRESS_MEM_TYPE_64 : 0));
	set_writable(c, where, 4, ~(bar->size - 1));
	if (!c->is.wide)
		return;
	set(c, where + 4, 4, address >> 32);
	set_writable(c, where + 4, 4, ~(bar->size - 1) >> 32);
}

static void fill_config(struct um_pci *c)
{
	const struct um_pci_config *is = &c->is;
	unsigned int i;

	set(c, PCI_VENDOR_ID, 2, is->vendor);
	set(c, PCI_DEVICE_ID, 2, is->device);
	set(c, PCI_CLASS_REVISION, 4, is->class_code << 8 | is->revision);
	set(c, PCI_SUBSYSTEM_VENDOR_ID, 2, is->subvendor);
	set(c, PCI_SUBSYSTEM_ID, 2, is->subdevice);
	c->config[PCI_INTERRUPT_PIN] = is->intx;
	set_writable(c, PCI_COMMAND, 2,
		     PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |
		     PCI_COMMAND_SERR | (is->intx ? PCI_COMMAND_INTX_DISABLE : 0));
	set_writable(c, PCI_CACHE_LINE_SIZE, 2, 0xffff);
	set_writable(c, PCI_INTERRUPT_LINE, 1, 0xff);
	for (i = 0; i < UM_PCI_BARS; i++)
		if (c->bars[i].region)
			set_bar(c, &c->bars[i]);
	add_capabilities(c);
}

bool um_card_is_there(const struct um_pci *card)
{
	return READ_ONCE(card->there);
}

bool um_card_stays(const struct um_pci *card)
{
	return card->stays;
}

unsigned int um_card_config_size(const struct um_pci *card)
{
	return card->is.pcie ? PCI_CFG_SPACE_EXP_SIZE : PCI_CFG_SPACE_SIZE;
}

static unsigned int pin_of(const struct um_pci *c)
{
	return c->slot * 4 + c->is.intx - 1;
}

/*
 * Inner lock held. A pin that is raised is seen unless the command register says no;
 * true: it is, and um_intx_tell() follows without the lock.
 */
static bool update_pin(struct um_pci *c)
{
	bool seen = c->raised && c->there &&
		    !(get(c, PCI_COMMAND, 2) & PCI_COMMAND_INTX_DISABLE);
	u32 status = get(c, PCI_STATUS, 2) & ~PCI_STATUS_INTERRUPT;

	set(c, PCI_STATUS, 2, status | (c->raised ? PCI_STATUS_INTERRUPT : 0));
	if (!c->is.intx)
		return false;
	um_intx_set(pin_of(c), seen);
	return seen;
}

u32 um_card_read(const struct um_pci *card, unsigned int where, unsigned int size)
{
	if (!um_card_is_there(card) || where + size > um_card_config_size(card))
		return ~0u >> (32 - 8 * size);
	return look(card, where, size);
}

void um_card_write(struct um_pci *card, unsigned int where, unsigned int size, u32 value)
{
	bool seen = false;
	u32 bits = 0;

	if (!um_card_is_there(card) || where + size > PCI_CFG_SPACE_SIZE)
		return;
	um_sched_lock();
	memcpy(&bits, &card->writable[where], size);
	set(card, where, size, (get(card, where, size) & ~bits) | (value & bits));
	if (where <= PCI_COMMAND + 1 && where + size > PCI_COMMAND)
		seen = update_pin(card);
	um_sched_unlock();
	if (seen)
		um_intx_tell(pin_of(card));
}

resource_size_t um_card_bar_address(const struct um_pci *card, unsigned int bar)
{
	return card->bars[bar].region ? um_io_region_phys(card->bars[bar].region) : 0;
}

void um_card_set_dev(struct um_pci *card, struct pci_dev *dev)
{
	um_sched_lock();
	card->dev = dev;
	um_sched_unlock();
}

struct um_pci *um_card_in_slot(unsigned int slot)
{
	return slots[slot];
}

/* ---- registers --------------------------------------------------------------------- */

static const char *silent(void *arg, bool *tell)
{
	const struct card_bar *bar = arg;

	/* pulled out: nobody can know that before he asks */
	if (!um_card_is_there(bar->card))
		return ", which is gone";
	*tell = true;
	if (look(bar->card, CAP_PM + PCI_PM_CTRL, 2) & PCI_PM_CTRL_STATE_MASK)
		return ", which is in another power state than D0";
	return look(bar->card, PCI_COMMAND, 2) & PCI_COMMAND_MEMORY ?
		       NULL : ", whose memory is disabled (pci_enable_device())";
}

static const char *fault(void *arg)
{
	const struct card_bar *bar = arg;
	bool disabled;

	um_sched_lock();
	disabled = bar->card->dev && !pci_is_enabled(bar->card->dev);
	um_sched_unlock();
	return disabled ? ", which pci_disable_device() has given up" : NULL;
}

static void before_read(void *arg, u64 offset, unsigned int size)
{
	struct card_bar *bar = arg;

	if (bar->card->is.read)
		bar->card->is.read(bar->card, bar->nr, offset, size, bar->card->is.arg);
}

static void after_write(void *arg, u64 offset, unsigned int size, u64 value)
{
	struct card_bar *bar = arg;

	if (bar->card->is.write)
		bar->card->is.write(bar->card, bar->nr, offset, size, value, bar->card->is.arg);
}

static const struct um_io_ops bar_ops = {
	.silent = silent, .fault = fault, .read = before_read, .write = after_write,
};

static void free_bars(struct um_pci *c)
{
	unsigned int i;

	for (i = 0; i < UM_PCI_BARS; i++)
		if (c->bars[i].region)
			um_io_region_free(c->bars[i].region);
}

static int make_bars(struct um_pci *c)
{
	unsigned int i;

	for (i = 0; i < UM_PCI_BARS; i++) {
		struct card_bar *bar = &c->bars[i];

		bar->card = c;
		bar->nr = i;
		bar->size = c->is.bar[i];
		if (!bar->size)
			continue;
		bar->region = um_io_region_new(bar->size, c->name, &bar_ops, bar);
		if (!bar->region)
			return -ENOMEM;
	}
	return 0;
}

/* ---- what a test does ----------------------------------------------------------------- */

static const char *what_is_wrong(const struct um_pci_config *is)
{
	unsigned int i;

	if (!is->vendor || is->vendor == 0xffff)
		return "its vendor is none";
	for (i = 0; i < UM_PCI_BARS; i++) {
		if (is->bar[i] && (is->bar[i] < 16 || !is_power_of_2(is->bar[i])))
			return "the size of a BAR is no power of 2, or less than 16";
		if (is->wide && is->bar[i] && (i == UM_PCI_BARS - 1 || is->bar[i + 1]))
			return "a BAR of 64 bits needs the next one";
	}
	if (is->intx > 4 || is->msix > 2048 || is->msi > 32 ||
	    (is->msi && !is_power_of_2(is->msi)))
		return "it has more interrupts than a card can have";
	return NULL;
}

static unsigned int free_slot(void)
{
	unsigned int slot;

	for (slot = 1; slot <= UM_PCI_SLOTS && slots[slot]; slot++)
		;
	return slot;
}

/* Bus's lock held. Nobody finds it in its slot before it is all there. */
static int plug_in(struct um_pci *c)
{
	int err;

	c->slot = free_slot();
	if (c->slot > UM_PCI_SLOTS)
		return -ENOSPC;
	host_snprintf(c->name, sizeof(c->name), "0000:00:%02x.0", c->slot);
	err = make_bars(c);
	if (err)
		goto err_free;
	fill_config(c);
	WRITE_ONCE(c->there, true);
	slots[c->slot] = c;
	err = pci_scan_slot_card(c);
	if (!err)
		return 0;
	slots[c->slot] = NULL;
err_free:
	free_bars(c);
	return err;
}

static struct um_pci *add(const struct um_pci_config *config, bool stays)
{
	const char *wrong = what_is_wrong(config);
	struct um_pci *c;
	int err;

	if (wrong) {
		pr_err("PCI card %04x:%04x: %s\n", config->vendor, config->device, wrong);
		return NULL;
	}
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return NULL;
	c->is = *config;
	c->stays = stays;
	pci_lock_rescan_remove();
	err = plug_in(c);
	pci_unlock_rescan_remove();
	if (!err)
		return c;
	kfree(c);
	return NULL;
}

struct um_pci *um_pci_add(const struct um_pci_config *config)
{
	return add(config, false);
}

void um_pci_remove(struct um_pci *card)
{
	um_sched_lock();
	WRITE_ONCE(card->there, false);
	update_pin(card);
	um_sched_unlock();
	pci_lock_rescan_remove();
	if (card->dev) {
		pci_dev_is_gone(card->dev);
		pci_stop_and_remove(card->dev);
	}
	slots[card->slot] = NULL;
	pci_unlock_rescan_remove();
	free_bars(card);
	kfree(card);
}

const char *um_pci_name(const struct um_pci *card)
{
	return card->name;
}

void *um_pci_bar(struct um_pci *card, unsigned int bar)
{
	if (bar >= UM_PCI_BARS || !card->bars[bar].region)
		return NULL;
	return um_io_region_memory(card->bars[bar].region);
}

uint32_t um_pci_config_read(struct um_pci *card, unsigned int offset)
{
	return offset + 4 <= sizeof(card->config) ? look(card, offset, 4) : ~0u;
}

static bool has_enabled(const struct um_pci *c, unsigned int where, unsigned int bit)
{
	return where && get(c, where, 2) & bit;
}

/* Inner lock held: those of messages that it may send, which stay until they are delivered. */
static struct um_pci_vectors *hold_vectors(struct um_pci *card)
{
	bool msix = has_enabled(card, card->is.msix ? CAP_MSIX + PCI_MSIX_FLAGS : 0,
				PCI_MSIX_FLAGS_ENABLE);
	bool msi = has_enabled(card, card->is.msi ? CAP_MSI + PCI_MSI_FLAGS : 0,
			       PCI_MSI_FLAGS_ENABLE);

	if (!card->dev || !card->there || (!msi && !msix) ||
	    !(get(card, PCI_COMMAND, 2) & PCI_COMMAND_MASTER))
		return NULL;
	return um_msi_hold(card->dev);
}

int um_pci_message(struct um_pci *card, unsigned int vector)
{
	struct um_pci_vectors *v;

	um_sched_lock();
	v = hold_vectors(card);
	um_sched_unlock();
	return v ? um_msi_deliver(v, vector) : -EIO;
}

int um_pci_intx(struct um_pci *card, bool raised)
{
	bool seen;

	if (!card->is.intx)
		return -EIO;
	um_sched_lock();
	card->raised = raised;
	seen = update_pin(card);
	um_sched_unlock();
	if (seen)
		um_intx_tell(pin_of(card));
	return 0;
}

/* ---- a card by its text ------------------------------------------------------------------ */

static bool take_bar(struct um_pci_config *is, const char *word)
{
	unsigned int nr = word[3] - '0';
	char *end;

	if (strncmp(word, "bar", 3) || nr >= UM_PCI_BARS || word[4] != '=')
		return false;
	is->bar[nr] = simple_strtoull(word + 5, &end, 0);
	if (*end == 'K')
		is->bar[nr] <<= 10;
	else if (*end == 'M')
		is->bar[nr] <<= 20;
	return !*end || !end[1];
}

static bool take_word(struct um_pci_config *is, const char *word)
{
	unsigned int a, b;

	if (sscanf(word, "sub=%x:%x", &a, &b) == 2) {
		is->subvendor = a;
		is->subdevice = b;
	} else if (sscanf(word, "class=%x", &a) == 1) {
		is->class_code = a;
	} else if (sscanf(word, "rev=%x", &a) == 1) {
		is->revision = a;
	} else if (sscanf(word, "intx=%u", &a) == 1) {
		is->intx = a;
	} else if (sscanf(word, "msi=%u", &a) == 1) {
		is->msi = a;
	} else if (sscanf(word, "msix=%u", &a) == 1) {
		is->msix = a;
	} else if (!strcmp(word, "wide")) {
		is->wide = true;
	} else if (!strcmp(word, "pcie")) {
		is->pcie = true;
	} else {
		return take_bar(is, word);
	}
	return true;
}

static struct um_pci *add_text(const char *text, bool stays)
{
	struct um_pci_config is = { 0 };
	char *copy = kstrdup(text, GFP_KERNEL), *rest = copy, *word;
	struct um_pci *card;
	unsigned int a, b;

	if (!copy)
		return NULL;
	word = strsep(&rest, ",");
	if (sscanf(word, "%x:%x", &a, &b) != 2)
		goto bad;
	is.vendor = a;
	is.device = b;
	while ((word = strsep(&rest, ",")))
		if (!take_word(&is, word))
			goto bad;
	card = add(&is, stays);
	kfree(copy);
	return card;

bad:
	pr_err("PCI card '%s': '%s' is not understood\n", text, word);
	kfree(copy);
	return NULL;
}

struct um_pci *um_pci_add_text(const char *text)
{
	return add_text(text, false);
}

/* UMDEV_PCI: cards, with blanks between, that are there from the start. */
static int plug_in_at_boot(void)
{
	const char *text = host_getenv("UMDEV_PCI");
	char *copy, *rest, *word;
	int err = 0;

	if (!text)
		return 0;
	rest = copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	while (!err && (word = strsep(&rest, " ")))
		if (*word && !add_text(word, true))
			err = -EINVAL;
	kfree(copy);
	return err;
}
late_initcall(plug_in_at_boot);

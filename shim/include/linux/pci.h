/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI devices, which software makes (umdev/hardware.h), and their drivers
 * (drivers/pci/). One bus of one domain: "0000:00".
 *
 * Left out: bridges, ports of I/O, expansion ROMs, SR-IOV, ATS and its kin, errors
 * that a device reports, power states but for what config space says, VPD, resets.
 */
#ifndef LINUX_PCI_H_SHIM
#define LINUX_PCI_H_SHIM

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/irqreturn.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mod_devicetable.h>
#include <linux/types.h>
#include_next <linux/pci.h>	/* brings linux/pci_regs.h */
#include <linux/pci_ids.h>

#include "compat/levels.h"

#define PCI_DEVID(bus, devfn)	((((u16)(bus)) << 8) | (devfn))
#define PCI_BUS_NUM(x)		(((x) >> 8) & 0xff)

/* ---- devices -------------------------------------------------------------------- */

enum {
	PCI_STD_RESOURCES,
	PCI_STD_RESOURCE_END = PCI_STD_RESOURCES + PCI_STD_NUM_BARS - 1,
	PCI_ROM_RESOURCE,
	PCI_NUM_RESOURCES,
	DEVICE_COUNT_RESOURCE = PCI_NUM_RESOURCES,
};


typedef int __bitwise pci_power_t;
#define PCI_D0			((pci_power_t __force)0)
#define PCI_D1			((pci_power_t __force)1)
#define PCI_D2			((pci_power_t __force)2)
#define PCI_D3hot		((pci_power_t __force)3)
#define PCI_D3cold		((pci_power_t __force)4)
#define PCI_UNKNOWN		((pci_power_t __force)5)
#define PCI_POWER_ERROR		((pci_power_t __force)-1)

typedef unsigned int __bitwise pci_channel_state_t;
enum {
	pci_channel_io_normal = (pci_channel_state_t __force)1,
	pci_channel_io_frozen = (pci_channel_state_t __force)2,
	pci_channel_io_perm_failure = (pci_channel_state_t __force)3,
};

typedef unsigned int __bitwise pci_ers_result_t;
enum pci_ers_result {
	PCI_ERS_RESULT_NONE = (pci_ers_result_t __force)1,
	PCI_ERS_RESULT_CAN_RECOVER = (pci_ers_result_t __force)2,
	PCI_ERS_RESULT_NEED_RESET = (pci_ers_result_t __force)3,
	PCI_ERS_RESULT_DISCONNECT = (pci_ers_result_t __force)4,
	PCI_ERS_RESULT_RECOVERED = (pci_ers_result_t __force)5,
	PCI_ERS_RESULT_NO_AER_DRIVER = (pci_ers_result_t __force)6,
};

struct pci_dev;
struct pci_driver;
struct um_pci;
struct um_pci_vectors;

struct pci_bus {
	struct list_head node;
	struct pci_bus *parent;
	struct list_head devices;	/* pci_dev.bus_list */
	struct pci_dev *self;		/* its bridge; none here */
	unsigned char number;
	char name[48];
	struct device *bridge;
};

struct pci_dev {
	struct list_head bus_list;
	struct pci_bus *bus;
	struct pci_bus *subordinate;
	unsigned int devfn;
	unsigned short vendor, device;
	unsigned short subsystem_vendor, subsystem_device;
	unsigned int class;		/* base, sub, interface */
	u8 revision;
	u8 hdr_type;
	u8 pcie_cap, msi_cap, msix_cap, pm_cap;
	u8 pin;
	u16 pcie_flags_reg;
	struct pci_driver *driver;
	u64 dma_mask;
	struct device_dma_parameters dma_parms;
	pci_power_t current_state;
	pci_channel_state_t error_state;
	struct device dev;
	int cfg_size;
	unsigned int irq;		/* of its pin; of MSI the first vector's */
	struct resource resource[DEVICE_COUNT_RESOURCE];
	unsigned int is_busmaster:1;
	unsigned int multifunction:1;
	unsigned int no_msi:1;
	unsigned int broken_parity_status:1;
	unsigned int msi_enabled:1;
	unsigned int msix_enabled:1;
	unsigned int is_managed:1;
	unsigned int state_saved:1;
	unsigned int is_physfn:1;
	unsigned int is_virtfn:1;
	unsigned int broken_intx_masking:1;
	unsigned int no_d3cold:1;
	atomic_t enable_cnt;
	u32 saved_config_space[16];
	const char *driver_override;
	void *sysdata;

	struct um_pci *um_card;		/* the hardware */
	struct um_pci_vectors *um_vectors;	/* NULL: none are allocated */
	bool um_pinned;			/* a managed one stays enabled */
};

#define to_pci_dev(n) container_of(n, struct pci_dev, dev)
#define for_each_pci_dev(d) while ((d = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, d)) != NULL)

static inline const char *pci_name(const struct pci_dev *pdev)
{
	return dev_name(&pdev->dev);
}

static inline void *pci_get_drvdata(struct pci_dev *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

static inline void pci_set_drvdata(struct pci_dev *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}

static inline int pci_channel_offline(struct pci_dev *pdev)
{
	return READ_ONCE(pdev->error_state) != pci_channel_io_normal;
}

static inline bool pci_is_bridge(struct pci_dev *dev)
{
	return dev->hdr_type == PCI_HEADER_TYPE_BRIDGE ||
	       dev->hdr_type == PCI_HEADER_TYPE_CARDBUS;
}

static inline bool pci_is_root_bus(struct pci_bus *pbus)
{
	return !pbus->parent;
}

static inline int pci_domain_nr(struct pci_bus *bus)
{
	return 0;
}

static inline struct pci_dev *pci_upstream_bridge(struct pci_dev *dev)
{
	return dev->bus->self;
}

static inline u16 pci_dev_id(struct pci_dev *dev)
{
	return PCI_DEVID(dev->bus->number, dev->devfn);
}

static inline struct pci_dev *pci_physfn(struct pci_dev *dev)
{
	return dev;
}

static inline u32 pci_pcie_cap(struct pci_dev *dev)
{
	return dev->pcie_cap;
}

static inline bool pci_is_pcie(struct pci_dev *dev)
{
	return pci_pcie_cap(dev);
}

static inline int pci_pcie_type(const struct pci_dev *dev)
{
	return (dev->pcie_flags_reg & PCI_EXP_FLAGS_TYPE) >> 4;
}

static inline bool pci_dev_msi_enabled(struct pci_dev *dev)
{
	return dev->msi_enabled || dev->msix_enabled;
}

#define pci_resource_n(dev, bar)	(&(dev)->resource[(bar)])
#define pci_resource_start(dev, bar)	(pci_resource_n(dev, bar)->start)
#define pci_resource_end(dev, bar)	(pci_resource_n(dev, bar)->end)
#define pci_resource_flags(dev, bar)	(pci_resource_n(dev, bar)->flags)
#define pci_resource_len(dev, bar)					\
	(pci_resource_end(dev, bar) ? resource_size(pci_resource_n(dev, bar)) : 0)

struct pci_dev *pci_dev_get(struct pci_dev *dev);
void pci_dev_put(struct pci_dev *dev);
DEFINE_FREE(pci_dev_put, struct pci_dev *, if (_T) pci_dev_put(_T))

struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device, struct pci_dev *from);
struct pci_dev *pci_get_subsys(unsigned int vendor, unsigned int device, unsigned int ss_vendor,
			       unsigned int ss_device, struct pci_dev *from);
struct pci_dev *pci_get_class(unsigned int class, struct pci_dev *from);
struct pci_dev *pci_get_domain_bus_and_slot(int domain, unsigned int bus, unsigned int devfn);
struct pci_dev *pci_get_slot(struct pci_bus *bus, unsigned int devfn);
int pci_dev_present(const struct pci_device_id *ids);
struct pci_bus *pci_find_bus(int domain, int busnr);
bool pci_device_is_present(struct pci_dev *pdev);

void pci_stop_and_remove_bus_device(struct pci_dev *dev);
void pci_stop_and_remove_bus_device_locked(struct pci_dev *dev);
unsigned int pci_rescan_bus(struct pci_bus *bus);
void pci_lock_rescan_remove(void);
void pci_unlock_rescan_remove(void);

#define pci_printk(level, pdev, fmt, arg...) dev_printk(level, &(pdev)->dev, fmt, ##arg)
#define pci_emerg(pdev, fmt, arg...)	dev_emerg(&(pdev)->dev, fmt, ##arg)
#define pci_alert(pdev, fmt, arg...)	dev_alert(&(pdev)->dev, fmt, ##arg)
#define pci_crit(pdev, fmt, arg...)	dev_crit(&(pdev)->dev, fmt, ##arg)
#define pci_err(pdev, fmt, arg...)	dev_err(&(pdev)->dev, fmt, ##arg)
#define pci_warn(pdev, fmt, arg...)	dev_warn(&(pdev)->dev, fmt, ##arg)
#define pci_notice(pdev, fmt, arg...)	dev_notice(&(pdev)->dev, fmt, ##arg)
#define pci_info(pdev, fmt, arg...)	dev_info(&(pdev)->dev, fmt, ##arg)
#define pci_dbg(pdev, fmt, arg...)	dev_dbg(&(pdev)->dev, fmt, ##arg)

/* ---- drivers ---------------------------------------------------------------------- */

struct pci_dynids {
	spinlock_t lock;
	struct list_head list;
};

struct pci_error_handlers {
	pci_ers_result_t (*error_detected)(struct pci_dev *dev, pci_channel_state_t error);
	pci_ers_result_t (*mmio_enabled)(struct pci_dev *dev);
	pci_ers_result_t (*slot_reset)(struct pci_dev *dev);
	void (*reset_prepare)(struct pci_dev *dev);
	void (*reset_done)(struct pci_dev *dev);
	void (*resume)(struct pci_dev *dev);
	void (*cor_error_detected)(struct pci_dev *dev);
};

struct pci_driver {
	struct list_head node;
	const char *name;
	const struct pci_device_id *id_table;
	int (*probe)(struct pci_dev *dev, const struct pci_device_id *id);
	void (*remove)(struct pci_dev *dev);
	int (*suspend)(struct pci_dev *dev, pm_message_t state);	/* nobody calls it */
	int (*resume)(struct pci_dev *dev);				/* nor this */
	void (*shutdown)(struct pci_dev *dev);
	int (*sriov_configure)(struct pci_dev *dev, int num_vfs);
	const struct pci_error_handlers *err_handler;
	const struct attribute_group **groups;
	const struct attribute_group **dev_groups;
	struct device_driver driver;
	struct pci_dynids dynids;
	bool driver_managed_dma;
};

#define to_pci_driver(drv) container_of(drv, struct pci_driver, driver)

extern struct bus_type pci_bus_type;
#define dev_is_pci(d) ((d)->bus == &pci_bus_type)

#define PCI_DEVICE(vend, dev)						\
	.vendor = (vend), .device = (dev),				\
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID
#define PCI_DEVICE_SUB(vend, dev, subvend, subdev)			\
	.vendor = (vend), .device = (dev),				\
	.subvendor = (subvend), .subdevice = (subdev)
#define PCI_DEVICE_CLASS(dev_class, dev_class_mask)			\
	.class = (dev_class), .class_mask = (dev_class_mask),		\
	.vendor = PCI_ANY_ID, .device = PCI_ANY_ID,			\
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID
#define PCI_VDEVICE(vend, dev)						\
	.vendor = PCI_VENDOR_ID_##vend, .device = (dev),		\
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID, 0, 0
#define PCI_DEVICE_DATA(vend, dev, data)				\
	.vendor = PCI_VENDOR_ID_##vend, .device = PCI_DEVICE_ID_##vend##_##dev,	\
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID, 0, 0,		\
	.driver_data = (kernel_ulong_t)(data)
#define PCI_DEVICE_DRIVER_OVERRIDE(vend, dev, override)			\
	.vendor = (vend), .device = (dev), .subvendor = PCI_ANY_ID,	\
	.subdevice = PCI_ANY_ID, .override_only = (override)
#define PCI_ID_F_VFIO_DRIVER_OVERRIDE	1
#define PCI_DRIVER_OVERRIDE_DEVICE_VFIO(vend, dev) \
	PCI_DEVICE_DRIVER_OVERRIDE(vend, dev, PCI_ID_F_VFIO_DRIVER_OVERRIDE)

int __must_check __pci_register_driver(struct pci_driver *drv, struct module *owner,
				       const char *mod_name);
#define pci_register_driver(driver) \
	__pci_register_driver(driver, THIS_MODULE, KBUILD_MODNAME)
void pci_unregister_driver(struct pci_driver *drv);
#define module_pci_driver(__pci_driver) \
	module_driver(__pci_driver, pci_register_driver, pci_unregister_driver)
#define builtin_pci_driver(__pci_driver) \
	builtin_driver(__pci_driver, pci_register_driver)

/* There is no SR-IOV. */
#define pci_sriov_configure_simple	NULL

int pci_add_dynid(struct pci_driver *drv, unsigned int vendor, unsigned int device,
		  unsigned int subvendor, unsigned int subdevice, unsigned int class,
		  unsigned int class_mask, unsigned long driver_data);
const struct pci_device_id *pci_match_id(const struct pci_device_id *ids, struct pci_dev *dev);
struct pci_driver *pci_dev_driver(const struct pci_dev *dev);

/* ---- config space ------------------------------------------------------------------- */

#define PCI_CFG_SPACE_SIZE	256
#define PCI_CFG_SPACE_EXP_SIZE	4096

#define PCIBIOS_SUCCESSFUL		0x00
#define PCIBIOS_FUNC_NOT_SUPPORTED	0x81
#define PCIBIOS_BAD_VENDOR_ID		0x83
#define PCIBIOS_DEVICE_NOT_FOUND	0x86
#define PCIBIOS_BAD_REGISTER_NUMBER	0x87
#define PCIBIOS_SET_FAILED		0x88
#define PCIBIOS_BUFFER_TOO_SMALL	0x89

static inline int pcibios_err_to_errno(int err)
{
	switch (err) {
	case PCIBIOS_FUNC_NOT_SUPPORTED:
		return -ENOENT;
	case PCIBIOS_BAD_VENDOR_ID:
		return -ENOTTY;
	case PCIBIOS_DEVICE_NOT_FOUND:
		return -ENODEV;
	case PCIBIOS_BAD_REGISTER_NUMBER:
		return -EFAULT;
	case PCIBIOS_SET_FAILED:
		return -EIO;
	case PCIBIOS_BUFFER_TOO_SMALL:
		return -ENOSPC;
	default:
		return err <= PCIBIOS_SUCCESSFUL ? err : -ERANGE;
	}
}

#define PCI_ERROR_RESPONSE		(~0ULL)
#define PCI_SET_ERROR_RESPONSE(val)	(*(val) = ((typeof(*(val)))PCI_ERROR_RESPONSE))
#define PCI_POSSIBLE_ERROR(val)		((val) == ((typeof(val))PCI_ERROR_RESPONSE))

int pci_read_config_byte(const struct pci_dev *dev, int where, u8 *val);
int pci_read_config_word(const struct pci_dev *dev, int where, u16 *val);
int pci_read_config_dword(const struct pci_dev *dev, int where, u32 *val);
int pci_write_config_byte(const struct pci_dev *dev, int where, u8 val);
int pci_write_config_word(const struct pci_dev *dev, int where, u16 val);
int pci_write_config_dword(const struct pci_dev *dev, int where, u32 val);

u8 pci_find_capability(struct pci_dev *dev, int cap);
u8 pci_find_next_capability(struct pci_dev *dev, u8 pos, int cap);
u16 pci_find_ext_capability(struct pci_dev *dev, int cap);
int pcie_capability_read_word(struct pci_dev *dev, int pos, u16 *val);
int pcie_capability_read_dword(struct pci_dev *dev, int pos, u32 *val);
int pcie_capability_write_word(struct pci_dev *dev, int pos, u16 val);
int pcie_capability_clear_and_set_word(struct pci_dev *dev, int pos, u16 clear, u16 set);

static inline int pcie_capability_set_word(struct pci_dev *dev, int pos, u16 set)
{
	return pcie_capability_clear_and_set_word(dev, pos, 0, set);
}

static inline int pcie_capability_clear_word(struct pci_dev *dev, int pos, u16 clear)
{
	return pcie_capability_clear_and_set_word(dev, pos, clear, 0);
}

/* ---- enabling --------------------------------------------------------------------------- */

int __must_check pci_enable_device(struct pci_dev *dev);
int __must_check pci_enable_device_mem(struct pci_dev *dev);
int __must_check pcim_enable_device(struct pci_dev *pdev);
void pcim_pin_device(struct pci_dev *pdev);
void pci_disable_device(struct pci_dev *dev);
void pci_set_master(struct pci_dev *dev);
void pci_clear_master(struct pci_dev *dev);
void pci_intx(struct pci_dev *dev, int enable);
bool pci_check_and_mask_intx(struct pci_dev *dev);
bool pci_check_and_unmask_intx(struct pci_dev *dev);
bool pci_intx_mask_supported(struct pci_dev *pdev);
int pci_select_bars(struct pci_dev *dev, unsigned long flags);
int pci_set_power_state(struct pci_dev *dev, pci_power_t state);
int pci_save_state(struct pci_dev *dev);
void pci_restore_state(struct pci_dev *dev);

static inline int pci_is_enabled(struct pci_dev *pdev)
{
	return atomic_read(&pdev->enable_cnt) > 0;
}

static inline int pci_is_managed(struct pci_dev *pdev)
{
	return pdev->is_managed;
}

/* ---- BARs ----------------------------------------------------------------------------------- */

int __must_check pci_request_regions(struct pci_dev *pdev, const char *name);
int __must_check pci_request_regions_exclusive(struct pci_dev *pdev, const char *name);
void pci_release_regions(struct pci_dev *pdev);
int __must_check pci_request_region(struct pci_dev *pdev, int bar, const char *name);
void pci_release_region(struct pci_dev *pdev, int bar);
int pci_request_selected_regions(struct pci_dev *pdev, int bars, const char *name);
int pci_request_selected_regions_exclusive(struct pci_dev *pdev, int bars, const char *name);
void pci_release_selected_regions(struct pci_dev *pdev, int bars);

void __iomem *pci_ioremap_bar(struct pci_dev *pdev, int bar);
void __iomem *pci_ioremap_wc_bar(struct pci_dev *pdev, int bar);
void __iomem *pci_iomap(struct pci_dev *dev, int bar, unsigned long max);
void __iomem *pci_iomap_range(struct pci_dev *dev, int bar, unsigned long offset,
			      unsigned long maxlen);
#define pci_iomap_wc(dev, bar, max) pci_iomap(dev, bar, max)
void pci_iounmap(struct pci_dev *dev, void __iomem *addr);

void __iomem *pcim_iomap(struct pci_dev *pdev, int bar, unsigned long maxlen);
void pcim_iounmap(struct pci_dev *pdev, void __iomem *addr);
void __iomem * const *pcim_iomap_table(struct pci_dev *pdev);
int pcim_iomap_regions(struct pci_dev *pdev, int mask, const char *name);
void pcim_iounmap_regions(struct pci_dev *pdev, int mask);
void __iomem *um_pcim_iomap_region(struct pci_dev *pdev, int bar, const char *name);
int um_pcim_request_region(struct pci_dev *pdev, int bar, const char *name);
#if KAPI_PCIM_REGION
#define pcim_iomap_region(pdev, bar, name) um_pcim_iomap_region(pdev, bar, name)
#define pcim_request_region(pdev, bar, name) um_pcim_request_region(pdev, bar, name)
#endif

/* ---- interrupts -------------------------------------------------------------------------------- */

#if KAPI_PCI_IRQ_LEGACY
#define PCI_IRQ_LEGACY		(1 << 0)
#endif
#if KAPI_PCI_IRQ_INTX
#define PCI_IRQ_INTX		(1 << 0)
#endif
#define PCI_IRQ_MSI		(1 << 1)
#define PCI_IRQ_MSIX		(1 << 2)
#define PCI_IRQ_AFFINITY	(1 << 3)
#define PCI_IRQ_ALL_TYPES	(1 << 0 | PCI_IRQ_MSI | PCI_IRQ_MSIX)

struct irq_affinity;

struct msix_entry {
	u32 vector;	/* filled in */
	u16 entry;
};

int pci_alloc_irq_vectors_affinity(struct pci_dev *dev, unsigned int min_vecs,
				   unsigned int max_vecs, unsigned int flags,
				   struct irq_affinity *affd);
void pci_free_irq_vectors(struct pci_dev *dev);
int pci_irq_vector(struct pci_dev *dev, unsigned int nr);
int pci_msi_vec_count(struct pci_dev *dev);
int pci_msix_vec_count(struct pci_dev *dev);
int pci_enable_msi(struct pci_dev *dev);
void pci_disable_msi(struct pci_dev *dev);
int pci_enable_msix_range(struct pci_dev *dev, struct msix_entry *entries, int minvec,
			  int maxvec);
void pci_disable_msix(struct pci_dev *dev);
int pci_msi_enabled(void);
__printf(6, 7)
int pci_request_irq(struct pci_dev *dev, unsigned int nr, irq_handler_t handler,
		    irq_handler_t thread_fn, void *dev_id, const char *fmt, ...);
void pci_free_irq(struct pci_dev *dev, unsigned int nr, void *dev_id);

static inline int pci_alloc_irq_vectors(struct pci_dev *dev, unsigned int min_vecs,
					unsigned int max_vecs, unsigned int flags)
{
	return pci_alloc_irq_vectors_affinity(dev, min_vecs, max_vecs, flags, NULL);
}

static inline int pci_enable_msix_exact(struct pci_dev *dev, struct msix_entry *entries,
					int nvec)
{
	int ret = pci_enable_msix_range(dev, entries, nvec, nvec);

	return ret < 0 ? ret : 0;
}

#endif

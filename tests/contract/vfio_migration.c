// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device whose driver is written for VFIO as it has been since 6.1: it stops,
 * is saved and restored, and tells which pages it wrote to.
 */
#include "vfio_test.h"
#include "../modules/vfio_native.h"

#define NATIVE	"/sys/bus/vfio_native/devices/native0"
#define PAGE	((uint64_t)NATIVE_PAGE)
#define IOVA	0x10000ULL

#define GET	VFIO_DEVICE_FEATURE_GET
#define SET	VFIO_DEVICE_FEATURE_SET

static struct vfio_user user;

static void start(void)
{
	char link[512], path[64], *last, name[] = "native0";

	t_expect(t_modprobe("vfio_native_test", NULL), 0);
	user.container = t_open("/dev/vfio/vfio", O_RDWR);
	t_expect(user.container >= 0, true);
	t_expect(t_readlink(NATIVE "/iommu_group", link, sizeof(link)) > 0, true);
	last = strrchr(link, '/');
	assert_non_null(last);
	snprintf(path, sizeof(path), "/dev/vfio/%.32s", last + 1);
	user.group = t_open(path, O_RDWR);
	t_expect(user.group >= 0, true);
	t_expect(t_ioctl(user.group, VFIO_GROUP_SET_CONTAINER, &user.container,
			 sizeof(user.container)), 0);
	t_expect(t_ioctl_raw(user.container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU), 0);
	user.device = t_ioctl(user.group, VFIO_GROUP_GET_DEVICE_FD, name, sizeof(name));
	t_expect(user.device >= 0, true);
}

static void stop(void)
{
	vfio_close(&user);
	t_expect(t_rmmod("vfio_native_test"), 0);
}

/* Asks for, or sets, feature @flags with its @data. */
static long feature(uint32_t flags, void *data, size_t size)
{
	union {
		struct vfio_device_feature head;
		char all[128];
	} arg = { .head = { .argsz = sizeof(arg.head) + size, .flags = flags } };
	long ret;

	if (size)
		memcpy(arg.head.data, data, size);
	ret = t_ioctl(user.device, VFIO_DEVICE_FEATURE, &arg, sizeof(arg));
	if (size)
		memcpy(data, arg.head.data, size);
	return ret;
}

/* ---- migration ------------------------------------------------------------------ */

static long go_to(uint32_t state, int *fd)
{
	struct vfio_device_feature_mig_state mig = { .device_state = state, .data_fd = -1 };
	long ret = feature(SET | VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE, &mig, sizeof(mig));

	*fd = mig.data_fd;
	return ret;
}

static void expect_state(uint32_t state)
{
	struct vfio_device_feature_mig_state mig = { 0 };

	t_expect(feature(GET | VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE, &mig, sizeof(mig)), 0);
	t_expect(mig.device_state, state);
}

static void features_say_how_it_migrates(void **state)
{
	struct vfio_device_feature_migration migration = { 0 };

	start();
	t_expect(feature(GET | VFIO_DEVICE_FEATURE_MIGRATION, &migration, sizeof(migration)), 0);
	t_expect(migration.flags, VFIO_MIGRATION_STOP_COPY);
	expect_state(VFIO_DEVICE_STATE_RUNNING);
	stop();
}

static void a_state_is_saved_and_restored(void **state)
{
	char buf[NATIVE_STATE + 1] = "", other[NATIVE_STATE] = "something else.";
	int fd;

	start();
	t_expect(t_pwrite(user.device, "what it was like", NATIVE_STATE, 0), NATIVE_STATE);
	t_expect(go_to(VFIO_DEVICE_STATE_STOP, &fd), 0);
	t_expect(fd, -1);
	expect_state(VFIO_DEVICE_STATE_STOP);
	t_expect(go_to(VFIO_DEVICE_STATE_STOP_COPY, &fd), 0);
	t_expect(fd >= 0, true);
	t_expect(t_read(fd, buf, NATIVE_STATE), NATIVE_STATE);
	t_expect(t_read(fd, other, NATIVE_STATE), 0);
	assert_string_equal(buf, "what it was like");
	t_expect(t_close(fd), 0);

	/* two steps at once */
	t_expect(go_to(VFIO_DEVICE_STATE_RUNNING, &fd), 0);
	expect_state(VFIO_DEVICE_STATE_RUNNING);
	t_expect(t_pwrite(user.device, other, NATIVE_STATE, 0), NATIVE_STATE);

	t_expect(go_to(VFIO_DEVICE_STATE_RESUMING, &fd), 0);
	t_expect(fd >= 0, true);
	t_expect(t_write(fd, buf, NATIVE_STATE), NATIVE_STATE);
	t_expect(t_close(fd), 0);
	t_expect(go_to(VFIO_DEVICE_STATE_RUNNING, &fd), 0);
	memset(buf, 0, sizeof(buf));
	t_expect(t_pread(user.device, buf, NATIVE_STATE, 0), NATIVE_STATE);
	assert_string_equal(buf, "what it was like");
	stop();
}

static void a_state_that_it_has_not_is_einval(void **state)
{
	int fd;

	start();
	t_expect(go_to(VFIO_DEVICE_STATE_ERROR, &fd), -EINVAL);
	t_expect(go_to(VFIO_DEVICE_STATE_RUNNING_P2P, &fd), -EINVAL);
	t_expect(go_to(0xff, &fd), -EINVAL);
	expect_state(VFIO_DEVICE_STATE_RUNNING);
	stop();
}

static void a_file_of_saved_state_outlives_the_device(void **state)
{
	char buf[NATIVE_STATE];
	int fd;

	start();
	t_expect(go_to(VFIO_DEVICE_STATE_STOP_COPY, &fd), 0);
	vfio_close(&user);
	t_expect(t_rmmod("vfio_native_test"), -EWOULDBLOCK);
	t_expect(t_read(fd, buf, sizeof(buf)), sizeof(buf));
	t_expect(t_close(fd), 0);
	t_expect(t_rmmod("vfio_native_test"), 0);
}

/*
 * By state, in the order of NATIVE_STATES (error, stop, running, stop_copy, resuming,
 * running_p2p, pre_copy, pre_copy_p2p): the first step to each, for a device that has
 * them all. From and to error there is no way.
 */
static const char first_step[][9] = {
	"eeeeeeee", "espcmppp", "eprpppqp", "esscssee", "esssmsss", "esrssprt", "errtrrqt",
	"eppcppqt",
};
#define STATES	8

static bool has_state(unsigned int flags, unsigned int state)
{
	/* what it takes to have the state; error is nobody's */
	static const unsigned int needs[STATES] = { ~0U, 1, 1, 1, 1, 3, 5, 7 };

	return state < STATES && (flags & needs[state]) == needs[state];
}

static unsigned int step_from(unsigned int from, unsigned int to)
{
	return strchr(NATIVE_STATES, first_step[from][to]) - NATIVE_STATES;
}

/* States that the device has not are stepped over. */
static char expected_step(unsigned int flags, unsigned int from, unsigned int to, bool answers)
{
	unsigned int next;

	if (!has_state(flags, to))
		return '-';
	/* no way leads there, and not each kernel can be asked */
	if (!answers && from && to && !step_from(from, to))
		return '?';
	for (next = step_from(from, to); next && !has_state(flags, next);)
		next = step_from(next, to);
	return next ? NATIVE_STATES[next] : '-';
}

static void expect_steps(unsigned int flags, unsigned int from, bool answers)
{
	char text[16], want[STATES + 3];
	unsigned int to;

	snprintf(text, sizeof(text), "%u %u", flags, from);
	t_expect(t_put(NATIVE "/ways", text), strlen(text));
	for (to = 0; to <= STATES; to++)
		want[to] = expected_step(flags, from, to, answers);
	want[to++] = '\n';
	want[to] = '\0';
	t_expect_text(NATIVE "/ways", want);
}

/* Every pair of states, with each set of what a device may support. */
static void each_way_leads_over_the_states_that_there_are(void **state)
{
	unsigned int flags, from, n = 0;
	bool precopy, answers;

	t_expect(t_modprobe("vfio_native_test", NULL), 0);
	precopy = t_has_line(NATIVE "/precopy", "1\n");
	answers = t_has_line(NATIVE "/answers", "1\n");
	for (flags = 0; flags < (precopy ? 8 : 4); flags++) {
		for (from = 0; from < STATES; from++) {
			if (!has_state(flags, from))
				continue;
			expect_steps(flags, from, answers);
			n++;
		}
	}
	t_expect(n, precopy ? 4 + 5 + 5 + 7 : 4 + 5);
	t_expect(t_rmmod("vfio_native_test"), 0);
}

static void a_way_that_there_is_none_for_is_einval(void **state)
{
	bool precopy, answers;

	t_expect(t_modprobe("vfio_native_test", NULL), 0);
	precopy = t_has_line(NATIVE "/precopy", "1\n");
	answers = t_has_line(NATIVE "/answers", "1\n");
	if (precopy && answers)
		expect_steps(7, 3, true);
	t_expect(t_rmmod("vfio_native_test"), 0);
	if (!precopy)
		t_skip("this kernel knows no pre_copy");
	if (!answers)
		t_skip("this kernel may look for such a way for ever");
}

static void a_state_that_it_cannot_be_in_warns(void **state)
{
	t_expect(t_modprobe("vfio_native_test", NULL), 0);
	t_expect_splat("vfio_mig_get_next_state");
	t_expect(t_put(NATIVE "/ways", "1 6"), 3);
	t_expect_text(NATIVE "/ways", "---------\n");
	t_expect(t_put(NATIVE "/ways", "7 8"), 3);
	t_expect_text(NATIVE "/ways", "---------\n");
	t_expect(t_rmmod("vfio_native_test"), 0);
}

/* ---- pages that the device wrote to ------------------------------------------------ */

static long log_start(const struct vfio_device_feature_dma_logging_range *ranges, unsigned int n)
{
	struct vfio_device_feature_dma_logging_control control = { .page_size = PAGE,
								   .num_ranges = n };
	struct t_user *copy = t_user_alloc(n * sizeof(*ranges) + 1);
	long ret;

	memcpy(t_user_ptr(copy), ranges, n * sizeof(*ranges));
	control.ranges = t_user_addr(copy);
	ret = feature(SET | VFIO_DEVICE_FEATURE_DMA_LOGGING_START, &control, sizeof(control));
	t_user_free(copy);
	return ret;
}

static long log_stop(void)
{
	return feature(SET | VFIO_DEVICE_FEATURE_DMA_LOGGING_STOP, NULL, 0);
}

/* The bitmap of 64 pages from IOVA. */
static uint64_t report(void)
{
	struct t_user *bits = t_user_alloc(8);
	struct vfio_device_feature_dma_logging_report report = {
		.iova = IOVA, .length = 64 * PAGE, .page_size = PAGE,
		.bitmap = t_user_addr(bits),
	};
	uint64_t word;
	long ret;

	memset(t_user_ptr(bits), 0, 8);
	ret = feature(GET | VFIO_DEVICE_FEATURE_DMA_LOGGING_REPORT, &report, sizeof(report));
	if (ret == -EOPNOTSUPP) {
		t_user_free(bits);
		stop();
		t_skip("this kernel has no bitmaps of IOVAs");
	}
	t_expect(ret, 0);
	memcpy(&word, t_user_ptr(bits), 8);
	t_user_free(bits);
	return word;
}

static void device_writes(uint64_t iova)
{
	t_expect(t_pwrite(user.device, &iova, sizeof(iova), NATIVE_DMA), sizeof(iova));
}

static void ranges_come_to_the_driver_in_their_order(void **state)
{
	static const struct vfio_device_feature_dma_logging_range ranges[] = {
		{ IOVA + 8 * NATIVE_PAGE, 4 * NATIVE_PAGE },
		{ IOVA, 2 * NATIVE_PAGE },
		{ IOVA + 30 * NATIVE_PAGE, NATIVE_PAGE },
	};

	start();
	t_expect_text(NATIVE "/ranges", "0 0\n");
	t_expect(log_start(ranges, 3), 0);
	t_expect_text(NATIVE "/ranges", "3 31\n");
	t_expect(log_start(ranges, 3), -EINVAL);
	t_expect(log_stop(), 0);
	t_expect_text(NATIVE "/ranges", "0 0\n");
	stop();
}

static void ranges_that_make_no_sense_are_refused(void **state)
{
	static const struct vfio_device_feature_dma_logging_range overlap[] = {
		{ IOVA, 2 * NATIVE_PAGE }, { IOVA + NATIVE_PAGE, NATIVE_PAGE },
	}, odd = { IOVA + 1, NATIVE_PAGE };

	start();
	t_expect(log_start(overlap, 0), -EINVAL);
	t_expect(log_start(overlap, 2), -EINVAL);
	t_expect(log_start(&odd, 1), -EINVAL);
	t_expect_text(NATIVE "/ranges", "0 0\n");
	stop();
}

static void pages_written_are_reported_once(void **state)
{
	static const struct vfio_device_feature_dma_logging_range all = { IOVA, 64 * NATIVE_PAGE };

	start();
	device_writes(IOVA);
	t_expect(log_start(&all, 1), 0);
	device_writes(IOVA + 3 * PAGE);
	device_writes(IOVA + 63 * PAGE);
	t_expect(report() == (1ULL << 63 | 1 << 3), true);
	t_expect(report(), 0);
	device_writes(IOVA + 5 * PAGE);
	t_expect(report(), 1 << 5);
	t_expect(log_stop(), 0);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(features_say_how_it_migrates),
		T_TEST(a_state_is_saved_and_restored),
		T_TEST(a_state_that_it_has_not_is_einval),
		T_TEST(a_file_of_saved_state_outlives_the_device),
		T_TEST(each_way_leads_over_the_states_that_there_are),
		T_TEST(a_way_that_there_is_none_for_is_einval),
		T_TEST(a_state_that_it_cannot_be_in_warns),
		T_TEST(ranges_come_to_the_driver_in_their_order),
		T_TEST(ranges_that_make_no_sense_are_refused),
		T_TEST(pages_written_are_reported_once),
	};

	return t_run("vfio_migration", tests);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints: what probes get, and what events record and show in tracefs. On a
 * kernel whose tracefs nobody has mounted only the former.
 */
#include "mdev_test.h"

#define TEST	DIR_TEST "/trace_test"
#define TRACING	"/sys/kernel/tracing"
#define SYSTEM	TRACING "/events/umdev_test"
#define EVENT(name) SYSTEM "/umdev_test_" name "/enable"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("trace_test", NULL), 0);
}

/* As a shell does: "echo > trace". */
static void clear_trace(void)
{
	int fd = t_open(TRACING "/trace", O_WRONLY | O_TRUNC);

	t_expect(fd >= 0, true);
	t_expect(t_write(fd, "\n", 1), 1);
	t_expect(t_close(fd), 0);
}

static void load_traced(void)
{
	load();
	if (!t_exists(TRACING "/trace"))
		t_skip("this kernel has no tracefs, or nobody mounted it");
	clear_trace();
}

static void run(const char *command)
{
	t_expect(t_put(TEST "/do", command), strlen(command));
}

/* The first probe, where the kernel has tracepoints at all. */
static void run_probe_1(void)
{
	long ret = t_put(TEST "/do", "probe 1");

	if (ret == -ENOSYS)
		t_skip("this kernel has no tracepoints");
	t_expect(ret, strlen("probe 1"));
}

/* How often the trace has a line that ends so. */
static int traced(const char *end)
{
	static char text[65536];
	int fd = t_open(TRACING "/trace", O_RDONLY), n = 0;
	size_t len = 0, want = strlen(end);
	ssize_t ret;
	char *line;

	t_expect(fd >= 0, true);
	while ((ret = t_read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += ret;
	t_close(fd);
	text[len] = '\0';
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		n += strlen(line) >= want && !strcmp(line + strlen(line) - want, end);
	return n;
}

/* ---- probes -------------------------------------------------------------- */

static void probes_get_their_data_and_the_arguments(void **state)
{
	load();
	t_expect(t_put(TEST "/do", "class 1 2"), -ENODATA);
	t_expect_text(TEST "/probed", "");
	run_probe_1();
	run("class 3 4");
	run("probe 2");
	run("class 5 6");
	run("unprobe 1");
	run("class 7 8");
	run("unprobe 2");
	t_expect(t_put(TEST "/do", "class 9 10"), -ENODATA);
	t_expect_text(TEST "/probed", "1: 3 4\n1: 5 6\n2: 5 6\n2: 7 8\n");
}

static void probe_is_registered_once(void **state)
{
	load();
	run_probe_1();
	t_expect_splat("tracepoint_add_func");
	t_expect(t_put(TEST "/do", "probe 1"), -EEXIST);
	run("unprobe 1");
	t_expect_splat("tracepoint_probe_unregister");
	t_expect(t_put(TEST "/do", "unprobe 1"), -ENOENT);
}

/* ---- events -------------------------------------------------------------- */

static void event_is_recorded_while_it_is_enabled(void **state)
{
	load_traced();
	t_expect_text(EVENT("one"), "0\n");
	t_expect(t_put(TEST "/do", "class 1 1"), -ENODATA);
	t_expect(t_put(EVENT("one"), "1"), 1);
	t_expect_text(EVENT("one"), "1\n");
	run("class 1 2");
	run("class 3 4");
	t_expect(t_put(EVENT("one"), "0"), 1);
	t_expect(t_put(TEST "/do", "class 5 5"), -ENODATA);
	t_expect(traced(": umdev_test_one: a=1 b=1"), 0);
	t_expect(traced(": umdev_test_one: a=1 b=2"), 1);
	t_expect(traced(": umdev_test_one: a=3 b=4"), 1);
	t_expect(traced(": umdev_test_one: a=5 b=5"), 0);
	/* the other one of its class was not */
	t_expect(traced(": umdev_test_other: sum=3"), 0);
}

static void files_are_not_for_others(void **state)
{
	struct t_stat st;

	load_traced();
	t_expect(t_lstat(TRACING "/trace", &st), 0);
	t_expect(st.mode, 0100640);
	t_expect(t_lstat(EVENT("one"), &st), 0);
	t_expect(st.mode, 0100640);
}

static void parts_of_any_length_are_recorded(void **state)
{
	load_traced();
	t_expect(t_put(EVENT("parts"), "1"), 1);
	run("parts Joe -7");
	run("parts - 8");
	t_expect(traced(": umdev_test_parts: name=Joe number=-7 first=cafe "
			"bytes=ca fe 01 02 03 of 5"), 1);
	t_expect(traced(": umdev_test_parts: name=(null) number=8 first=cafe "
			"bytes=ca fe 01 02 03 of 5"), 1);
	t_expect(t_put(EVENT("parts"), "0"), 1);
}

static void flags_and_symbols_have_names(void **state)
{
	load_traced();
	t_expect(t_put(EVENT("words"), "1"), 1);
	run("words 3 1");
	run("words 12 0");
	run("words 0 9");
	t_expect(traced(": umdev_test_words: flags=READ|WRITE state=busy"), 1);
	t_expect(traced(": umdev_test_words: flags=EXEC|0x8 state=idle"), 1);
	t_expect(traced(": umdev_test_words: flags= state=0x9"), 1);
	t_expect(t_put(EVENT("words"), "0"), 1);
}

static void condition_decides(void **state)
{
	load_traced();
	t_expect(t_put(EVENT("positive"), "1"), 1);
	run("positive 1");
	run("positive -1");
	t_expect(traced(": umdev_test_positive: a=1"), 1);
	t_expect(traced(": umdev_test_positive: a=-1"), 0);
	t_expect(t_put(EVENT("positive"), "0"), 1);
}

static void system_enables_all_its_events(void **state)
{
	load_traced();
	t_expect_text(SYSTEM "/enable", "0\n");
	t_expect(t_put(EVENT("other"), "1"), 1);
	t_expect_text(SYSTEM "/enable", "X\n");
	t_expect(t_put(SYSTEM "/enable", "1"), 1);
	t_expect_text(SYSTEM "/enable", "1\n");
	t_expect_text(EVENT("words"), "1\n");
	run("class 2 3");
	t_expect(traced(": umdev_test_one: a=2 b=3"), 1);
	t_expect(traced(": umdev_test_other: sum=5"), 1);
	t_expect(t_put(SYSTEM "/enable", "0"), 1);
	t_expect_text(SYSTEM "/enable", "0\n");
	t_expect(t_put(SYSTEM "/enable", "2"), -EINVAL);
	t_expect(t_put(EVENT("one"), "yes"), -EINVAL);
}

static void events_are_set_by_name(void **state)
{
	load_traced();
	t_expect(t_has_line(TRACING "/available_events", "umdev_test:umdev_test_one\n"), true);
	t_expect(t_put(TRACING "/set_event", "umdev_test:umdev_test_one"), 25);
	t_expect_text(EVENT("one"), "1\n");
	t_expect_text(EVENT("other"), "0\n");
	t_expect(t_has_line(TRACING "/set_event", "umdev_test:umdev_test_one\n"), true);
	t_expect(t_put(TRACING "/set_event", "!umdev_test:umdev_test_one"), 26);
	t_expect_text(EVENT("one"), "0\n");
	t_expect(t_put(TRACING "/set_event", "umdev_test:*"), 12);
	t_expect_text(SYSTEM "/enable", "1\n");
	t_expect(t_put(TRACING "/set_event", "!umdev_test:*"), 13);
	t_expect_text(SYSTEM "/enable", "0\n");
	t_expect(t_put(TRACING "/set_event", "umdev_test:none"), -EINVAL);
}

static void recording_can_be_stopped_and_cleared(void **state)
{
	load_traced();
	t_expect(t_put(EVENT("one"), "1"), 1);
	t_expect(t_put(TRACING "/tracing_on", "0"), 1);
	t_expect_text(TRACING "/tracing_on", "0\n");
	run("class 1 0");
	t_expect(t_put(TRACING "/tracing_on", "1"), 1);
	run("class 0 1");
	t_expect(traced(": umdev_test_one: a=1 b=0"), 0);
	t_expect(traced(": umdev_test_one: a=0 b=1"), 1);
	clear_trace();
	t_expect(traced(": umdev_test_one: a=0 b=1"), 0);
	t_expect(t_put(EVENT("one"), "0"), 1);
}

#define UNSIGNED_NAME	"char[] name;\toffset:8;\tsize:4;\tsigned:0"

/* What its file says of an event; the ID is whatever it is. */
static void expect_format(const char *path, const char *name, const char *want)
{
	static char text[8192], head[128];
	int fd = open_it(path, O_RDONLY), id = 0;
	size_t len = 0;
	ssize_t ret;
	char *rest;

	while ((ret = t_read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += ret;
	t_expect(t_close(fd), 0);
	text[len] = '\0';
	/* char is unsigned from 6.2 on */
	rest = strstr(text, UNSIGNED_NAME);
	if (rest)
		rest[strlen(UNSIGNED_NAME) - 1] = '1';
	snprintf(head, sizeof(head), "name: %s\nID: ", name);
	assert_memory_equal(text, head, strlen(head));
	id = strtol(text + strlen(head), &rest, 10);
	t_expect(id > 0, true);
	assert_string_equal(rest, want);
}

#define COMMON								\
	"\nformat:\n"							\
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

static void format_says_where_each_part_lies(void **state)
{
	load_traced();
	expect_format(SYSTEM "/umdev_test_one/format", "umdev_test_one",
		      COMMON
		      "\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;\n"
		      "\tfield:int b;\toffset:12;\tsize:4;\tsigned:1;\n\n"
		      "print fmt: \"a=%d b=%d\", REC->a, REC->b\n");
	expect_format(SYSTEM "/umdev_test_other/format", "umdev_test_other",
		      COMMON
		      "\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;\n"
		      "\tfield:int b;\toffset:12;\tsize:4;\tsigned:1;\n\n"
		      "print fmt: \"sum=%d\", REC->a + REC->b\n");
	expect_format(SYSTEM "/umdev_test_parts/format", "umdev_test_parts",
		      COMMON
		      "\tfield:__data_loc char[] name;\toffset:8;\tsize:4;\tsigned:1;\n"
		      "\tfield:int number;\toffset:12;\tsize:4;\tsigned:1;\n"
		      "\tfield:u8 first[2];\toffset:16;\tsize:2;\tsigned:0;\n"
		      "\tfield:unsigned int n;\toffset:20;\tsize:4;\tsigned:0;\n"
		      "\tfield:__data_loc u8[] bytes;\toffset:24;\tsize:4;\tsigned:0;\n\n"
		      "print fmt: \"name=%s number=%d first=%*phN bytes=%s of %d\", "
		      "__get_str(name), REC->number, 2, REC->first, "
		      "__print_hex(__get_dynamic_array(bytes), REC->n), "
		      "__get_dynamic_array_len(bytes)\n");
}

static void events_go_with_their_module(void **state)
{
	load_traced();
	t_expect(t_put(SYSTEM "/enable", "1"), 1);
	run("class 1 2");
	t_expect(t_rmmod("trace_test"), 0);
	t_expect(t_exists(SYSTEM), false);
	t_expect(traced(": umdev_test_one: a=1 b=2"), 0);
	t_expect(t_insmod("trace_test", NULL), 0);
	t_expect_text(SYSTEM "/enable", "0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(probes_get_their_data_and_the_arguments),
		T_TEST(probe_is_registered_once),
		T_TEST(event_is_recorded_while_it_is_enabled),
		T_TEST(files_are_not_for_others),
		T_TEST(parts_of_any_length_are_recorded),
		T_TEST(flags_and_symbols_have_names),
		T_TEST(condition_decides),
		T_TEST(system_enables_all_its_events),
		T_TEST(events_are_set_by_name),
		T_TEST(recording_can_be_stopped_and_cleared),
		T_TEST(format_says_where_each_part_lies),
		T_TEST(events_go_with_their_module),
	};

	return t_run("trace", tests);
}

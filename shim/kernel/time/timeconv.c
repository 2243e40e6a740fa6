// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calendar of seconds since 1970, without leap seconds: a year begins in March
 * here, so that the day that some years lack is its last, and 400 of them have
 * always as many days.
 */
#include <linux/export.h>
#include <linux/math64.h>
#include <linux/time.h>

#define DAY		86400
#define DAYS_OF_400	146097
/* from 1 March 0 to 1 January 1970 */
#define DAYS_TO_1970	719468

static bool is_leap(long year)
{
	return (!(year % 4) && year % 100) || !(year % 400);
}

/**
 * time64_to_tm() - seconds since 1970 by calendar and clock
 * @totalsecs: the seconds, also before
 * @offset:    added to them
 * @result:    tm_mon from 0, tm_year from 1900, tm_wday from Sunday, tm_yday from 0
 */
void time64_to_tm(time64_t totalsecs, int offset, struct tm *result)
{
	static const short before[2][12] = {
		{ 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 },
		{ 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335 },
	};
	s32 second, of_400, of_year;
	s64 days, era, year, month;

	totalsecs += offset;
	days = div_s64_rem(totalsecs, DAY, &second);
	if (second < 0) {
		second += DAY;
		days--;
	}
	result->tm_hour = second / 3600;
	result->tm_min = second / 60 % 60;
	result->tm_sec = second % 60;
	/* 1 January 1970 was a Thursday */
	result->tm_wday = ((days + 4) % 7 + 7) % 7;

	era = div_s64_rem(days + DAYS_TO_1970, DAYS_OF_400, &of_400);
	if (of_400 < 0) {
		of_400 += DAYS_OF_400;
		era--;
	}
	year = (of_400 - of_400 / 1460 + of_400 / 36524 - of_400 / 146096) / 365;
	of_year = of_400 - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	result->tm_mday = of_year - (153 * month + 2) / 5 + 1;
	result->tm_mon = month < 10 ? month + 2 : month - 10;
	year += era * 400 + (month >= 10);
	result->tm_year = year - 1900;
	result->tm_yday = before[is_leap(year)][result->tm_mon] + result->tm_mday - 1;
}
EXPORT_SYMBOL(time64_to_tm);

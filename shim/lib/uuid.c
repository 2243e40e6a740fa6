// SPDX-License-Identifier: GPL-2.0-only
/* UUIDs: random ones (version 4), and their text form. */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/random.h>
#include <linux/uuid.h>

const guid_t guid_null;
EXPORT_SYMBOL(guid_null);
const uuid_t uuid_null;
EXPORT_SYMBOL(uuid_null);

/* Where in the structure the bytes of the text go, in the order of the text. */
const u8 guid_index[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
const u8 uuid_index[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

/* The byte with the version is 6 in network order, 7 in a GUID. */
static void random_id(unsigned char id[16], unsigned int version_byte)
{
	get_random_bytes(id, 16);
	id[version_byte] = (id[version_byte] & 0x0f) | 0x40;
	id[8] = (id[8] & 0x3f) | 0x80;
}

/**
 * generate_random_uuid() - a random UUID, version 4, big endian
 * @uuid: where to
 */
void generate_random_uuid(unsigned char uuid[16])
{
	random_id(uuid, 6);
}
EXPORT_SYMBOL(generate_random_uuid);

/**
 * generate_random_guid() - a random UUID, version 4, in the order of a GUID
 * @guid: where to
 */
void generate_random_guid(unsigned char guid[16])
{
	random_id(guid, 7);
}
EXPORT_SYMBOL(generate_random_guid);

/**
 * uuid_gen() - a random UUID, version 4
 * @uuid: where to
 */
void uuid_gen(uuid_t *uuid)
{
	random_id(uuid->b, 6);
}
EXPORT_SYMBOL_GPL(uuid_gen);

/**
 * uuid_is_valid() - does a text begin with a UUID?
 * @uuid: the text; what follows the 36 characters is not looked at
 *
 * Return: whether it does: hexadecimal digits of either case, four '-'.
 */
bool uuid_is_valid(const char *uuid)
{
	unsigned int i;

	for (i = 0; i < UUID_STRING_LEN; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (uuid[i] != '-')
				return false;
		} else if (!isxdigit(uuid[i])) {
			return false;
		}
	}
	return true;
}
EXPORT_SYMBOL(uuid_is_valid);

static int parse(const char *text, __u8 b[16], const u8 index[16])
{
	unsigned int i;

	if (!uuid_is_valid(text))
		return -EINVAL;
	for (i = 0; i < 16; i++, text += 2) {
		if (*text == '-')
			text++;
		b[index[i]] = (hex_to_bin(text[0]) << 4) | hex_to_bin(text[1]);
	}
	return 0;
}

/**
 * guid_parse() - a GUID from its text
 * @uuid: the text, as for uuid_is_valid()
 * @u: written on success only
 *
 * Return: 0, or -EINVAL.
 */
int guid_parse(const char *uuid, guid_t *u)
{
	return parse(uuid, u->b, guid_index);
}
EXPORT_SYMBOL(guid_parse);

/**
 * uuid_parse() - a UUID from its text
 * @uuid: the text, as for uuid_is_valid()
 * @u: written on success only
 *
 * Return: 0, or -EINVAL.
 */
int uuid_parse(const char *uuid, uuid_t *u)
{
	return parse(uuid, u->b, uuid_index);
}
EXPORT_SYMBOL(uuid_parse);

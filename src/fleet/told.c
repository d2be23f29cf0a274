/* SPDX-License-Identifier: Apache-2.0 */
/* told.c - cells to what they tell. */
#include "base/inet.h"
#include "base/phrase.h"
#include "base/table.h"
#include "base/utf8.h"
#include "fleet/asset.h"
#include "fleet/asset_date.h"

#define VIETNAM (7 * TIME_HOUR)

static void tell(struct told_build *b, struct err *why)
{
	b->sink->bad(b->sink->ctx, b->told.line, why);
}

static void add(struct told_build *b, enum asset_fact fact, struct str value)
{
	struct asset_told *t = &b->told;
	struct err why = { 0 };

	for (size_t i = 0; i < t->n; i++)
		if (t->fact[i].fact == fact && str_eq(t->fact[i].value, value))
			return;
	if (t->n < TOLD_FACTS_MAX) {
		b->fact[t->n++] = (struct told_fact){ fact, value };
		return;
	}
	err_set(&why, ERR_INPUT, 0, "more than %d facts about one machine", TOLD_FACTS_MAX);
	tell(b, &why);
}

/* --- text --- */

/* U+0080 to U+009F, too: C2 80 to C2 9F. */
static bool control(struct str s, size_t at)
{
	unsigned char c = (unsigned char)s.p[at];

	return c < ' ' || c == 0x7f ||
	       (c == 0xc2 && at + 1 < s.n && (unsigned char)s.p[at + 1] < 0xa0);
}

/* On one line; p is NULL when it is too long (told) or there is no memory. */
static struct str clean(struct told_build *b, struct str s, size_t most)
{
	struct err why = { 0 };

	if (s.n > most) {
		err_set(&why, ERR_INPUT, 0, "'%.*s...' is longer than %zu bytes",
			STR_ARG(str_sub(s, 0, 40)), most);
		tell(b, &why);
		return (struct str){ NULL, 0 };
	}
	char *p = arena_bytes(b->a, s.n);
	for (size_t i = 0, wide; p != NULL && i < s.n; i += wide) {
		bool blank = control(s, i);

		wide = blank && s.p[i] == '\xc2' ? 2 : 1;
		memset(p + i, blank ? ' ' : s.p[i], wide);
	}
	return (struct str){ p, p == NULL ? 0 : s.n };
}

static void put_text(struct told_build *b, struct str s, struct str *out)
{
	struct str text = clean(b, s, TOLD_TEXT_MAX);

	if (text.n > 0)
		*out = text;
}

static void put_fact(struct told_build *b, enum asset_fact fact, struct str s)
{
	struct str text = clean(b, s, TOLD_TEXT_MAX);

	if (text.n > 0)
		add(b, fact, text);
}

/* --- names --- */

static bool of_words(struct str name)
{
	return str_find_char(name, ' ') < name.n;
}

/* A computer's account ends in '$'; what a thing is called ("Máy in") gives way to its name; an address in the place of a name is an address. */
static void put_name(struct told_build *b, struct str s, struct str *out)
{
	char text[INET_TEXT_MAX];

	if (str_ends(s, STR("$")))
		s.n--;
	if (inet_text(s, text) != INET_NONE) {
		told_put(b, FIELD_ADDRESS, s);
		return;
	}
	s = str_trim(clean(b, s, TOLD_NAME_MAX));
	while (str_ends(s, STR(".")))
		s.n--;
	if (s.n > 0 && (out->n == 0 || of_words(*out) || !of_words(s)))
		*out = s;
}

/* --- addresses --- */

static bool apart(char c)
{
	return ascii_space(c) || c == ',' || c == ';' || c == '|' || c == '\0';
}

static bool take_word(struct str *rest, struct str *out)
{
	size_t n = 0;

	while (rest->n > 0 && apart(rest->p[0]))
		*rest = str_skip(*rest, 1);
	while (n < rest->n && !apart(rest->p[n]))
		n++;
	*out = str_sub(*rest, 0, n);
	*rest = str_skip(*rest, n);
	return n > 0;
}

static void put_addresses(struct told_build *b, struct str s)
{
	static const struct str by_itself[] = { STR("dhcp"), STR("động"), STR("dynamic"),
						STR("auto") };
	char text[INET_TEXT_MAX];
	struct err why = { 0 };
	struct str word;

	for (size_t i = 0; i < COUNT(by_itself); i++)
		if (str_eq_nocase(s, by_itself[i]))
			return;
	while (take_word(&s, &word)) {
		size_t slash = str_find_char(word, '/');
		enum inet_is is = inet_text(str_sub(word, 0, slash), text);
		struct str kept;

		if (is == INET_LINK) /* says nothing outside its link */
			continue;
		if (is == INET_HOST && (kept = arena_str(b->a, str_of(text))).p != NULL) {
			add(b, FACT_ADDRESS, kept);
			continue;
		}
		err_set(&why, ERR_INPUT, 0, "'%.*s' is no address of a machine",
			STR_ARG(str_sub(word, 0, 60)));
		tell(b, &why);
	}
}

static void put_macs(struct told_build *b, struct str s)
{
	char text[MAC_TEXT_MAX];
	struct err why = { 0 };
	struct str word;

	while (take_word(&s, &word)) {
		struct str kept;

		if (mac_text(word, text) && (kept = arena_str(b->a, str_of(text))).p != NULL) {
			add(b, FACT_MAC, kept);
			continue;
		}
		err_set(&why, ERR_INPUT, 0, "'%.*s' is no MAC address",
			STR_ARG(str_sub(word, 0, 60)));
		tell(b, &why);
	}
}

/* --- words --- */

struct word {
	struct str phrase;
	int is;
};
/* The first row whose phrase stands in the cell. */
static bool word_of(struct arena a, struct str s, const struct word *words, size_t n, int *out)
{
	struct str in = phrase_words(&a, s);

	for (size_t i = 0; i < n; i++) {
		if (!phrase_in(in, words[i].phrase))
			continue;
		*out = words[i].is;
		return true;
	}
	return false;
}

// clang-format off
static const struct word kind_words[] = {
	{ STR("may in"), ASSET_OTHER }, { STR("printer"), ASSET_OTHER }, { STR("may quet"), ASSET_OTHER },
	{ STR("camera"), ASSET_OTHER }, { STR("khac"), ASSET_OTHER }, { STR("other"), ASSET_OTHER },
	{ STR("dien thoai"), ASSET_OTHER }, { STR("phone"), ASSET_OTHER }, { STR("ups"), ASSET_OTHER },
	{ STR("may chu"), ASSET_SERVER }, { STR("server"), ASSET_SERVER }, { STR("servers"), ASSET_SERVER },
	{ STR("domain controller"), ASSET_SERVER },
	{ STR("may tram"), ASSET_WORKSTATION }, { STR("workstation"), ASSET_WORKSTATION },
	{ STR("may tinh"), ASSET_WORKSTATION }, { STR("pc"), ASSET_WORKSTATION }, { STR("laptop"), ASSET_WORKSTATION },
	{ STR("notebook"), ASSET_WORKSTATION }, { STR("desktop"), ASSET_WORKSTATION },
	{ STR("computer"), ASSET_WORKSTATION }, { STR("client"), ASSET_WORKSTATION },
	{ STR("xach tay"), ASSET_WORKSTATION }, { STR("de ban"), ASSET_WORKSTATION },
	{ STR("thiet bi mang"), ASSET_APPLIANCE }, { STR("thiet bi bao mat"), ASSET_APPLIANCE },
	{ STR("tuong lua"), ASSET_APPLIANCE }, { STR("firewall"), ASSET_APPLIANCE },
	{ STR("switch"), ASSET_APPLIANCE }, { STR("chuyen mach"), ASSET_APPLIANCE },
	{ STR("router"), ASSET_APPLIANCE }, { STR("dinh tuyen"), ASSET_APPLIANCE },
	{ STR("can bang tai"), ASSET_APPLIANCE }, { STR("load balancer"), ASSET_APPLIANCE },
	{ STR("waf"), ASSET_APPLIANCE }, { STR("vpn"), ASSET_APPLIANCE }, { STR("access point"), ASSET_APPLIANCE },
	{ STR("wifi"), ASSET_APPLIANCE }, { STR("appliance"), ASSET_APPLIANCE }, { STR("network"), ASSET_APPLIANCE },
};
static const struct word os_words[] = {
	{ STR("server"), ASSET_SERVER }, { STR("esxi"), ASSET_SERVER },
	{ STR("fortios"), ASSET_APPLIANCE }, { STR("big ip"), ASSET_APPLIANCE }, { STR("pan os"), ASSET_APPLIANCE },
	{ STR("routeros"), ASSET_APPLIANCE }, { STR("ios xe"), ASSET_APPLIANCE }, { STR("junos"), ASSET_APPLIANCE },
	{ STR("windows"), ASSET_WORKSTATION }, { STR("macos"), ASSET_WORKSTATION }, { STR("mac os"), ASSET_WORKSTATION },
};
static const struct word state_words[] = {
	{ STR("tat"), ASSET_OFF }, { STR("off"), ASSET_OFF }, { STR("ngung"), ASSET_OFF }, { STR("khong"), ASSET_OFF },
	{ STR("dung hoat dong"), ASSET_OFF }, { STR("thanh ly"), ASSET_OFF }, { STR("hong"), ASSET_OFF },
	{ STR("kho"), ASSET_OFF }, { STR("inactive"), ASSET_OFF }, { STR("not in use"), ASSET_OFF },
	{ STR("retired"), ASSET_OFF },
	{ STR("su dung"), ASSET_IN_USE }, { STR("dang dung"), ASSET_IN_USE }, { STR("hoat dong"), ASSET_IN_USE },
	{ STR("tot"), ASSET_IN_USE }, { STR("binh thuong"), ASSET_IN_USE }, { STR("bat"), ASSET_IN_USE },
	{ STR("in use"), ASSET_IN_USE }, { STR("active"), ASSET_IN_USE },
	{ STR("on"), ASSET_IN_USE },
};
static const struct word level_words[] = {
	{ STR("1"), 1 }, { STR("2"), 2 }, { STR("3"), 3 }, { STR("4"), 4 }, { STR("5"), 5 },
	{ STR("i"), 1 }, { STR("ii"), 2 }, { STR("iii"), 3 }, { STR("iv"), 4 }, { STR("v"), 5 },
};
static const struct word truth_words[] = {
	{ STR("true"), 1 }, { STR("false"), 0 }, { STR("1"), 1 }, { STR("0"), 0 }, { STR("co"), 1 },
	{ STR("khong"), 0 }, { STR("yes"), 1 }, { STR("no"), 0 }, { STR("enabled"), 1 }, { STR("disabled"), 0 },
};
// clang-format on

static void put_kind(struct told_build *b, struct str s)
{
	struct err why = { 0 };
	int is;

	if (word_of(*b->a, s, kind_words, COUNT(kind_words), &is)) {
		b->told.kind = (enum asset_kind)is;
		return;
	}
	err_set(&why, ERR_INPUT, 0, "'%.*s' is no kind of machine that is known",
		STR_ARG(str_sub(s, 0, 60)));
	tell(b, &why);
}

static void put_state(struct told_build *b, struct str s)
{
	struct err why = { 0 };
	int is;

	if (!word_of(*b->a, s, state_words, COUNT(state_words), &is)) {
		err_set(&why, ERR_INPUT, 0, "'%.*s' is no state: in use, or off",
			STR_ARG(str_sub(s, 0, 60)));
		tell(b, &why);
		return;
	}
	b->told.state = (enum asset_state)is;
}

static void put_level(struct told_build *b, struct str s)
{
	static const struct str levels[] = { STR("1"), STR("2"), STR("3"), STR("4"), STR("5") };
	struct err why = { 0 };
	int is;

	if (word_of(*b->a, s, level_words, COUNT(level_words), &is)) {
		add(b, FACT_LEVEL, levels[is - 1]);
		return;
	}
	err_set(&why, ERR_INPUT, 0, "'%.*s' is no level: 1 to 5", STR_ARG(str_sub(s, 0, 60)));
	tell(b, &why);
}

static void put_enabled(struct told_build *b, struct str s)
{
	int is;

	if (word_of(*b->a, s, truth_words, COUNT(truth_words), &is))
		add(b, FACT_ACCOUNT, is ? STR("enabled") : STR("disabled"));
}

/* --- dates --- */

static bool read_date(struct told_build *b, struct str s, int64_t *out)
{
	struct err why = { 0 };

	if (asset_date_parse(s, b->month_first, out, NULL))
		return true;
	err_set(&why, ERR_INPUT, 0, "'%.*s' is no date like 2023-12-31",
		STR_ARG(str_sub(s, 0, 60)));
	tell(b, &why);
	return false;
}

static void put_support_end(struct told_build *b, struct str s)
{
	char text[TIME_TEXT_MAX];
	int64_t t;

	if (!read_date(b, s, &t))
		return;
	struct str kept = arena_str(b->a, str_of(time_date(t + VIETNAM, text)));
	if (kept.p != NULL)
		add(b, FACT_SUPPORT_END, kept);
}

static void put_seen(struct told_build *b, struct str s)
{
	int64_t t;

	if (str_eq_nocase(s, STR("never")) || str_eq_nocase(s, STR("chưa bao giờ")))
		return;
	if (read_date(b, s, &t) && (b->told.seen == TIME_NONE || t > b->told.seen))
		b->told.seen = t;
}

/* --- a row --- */

/* Words for nothing besides those of table_cell_nothing(): "Chưa xác định" is no system. */
static bool says_nothing(struct arena a, struct str s)
{
	static const struct str words[] = {
		STR("khong"),         STR("khong co"), STR("khong ro"),  STR("khong xac dinh"),
		STR("chua co"),       STR("chua ro"),  STR("chua biet"), STR("chua xac dinh"),
		STR("chua cap nhat"), STR("unknown"),
	};

	enum { LONGEST = 64 };

	if (s.n > LONGEST)
		return false;
	struct str said = str_trim(phrase_words(&a, s));
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq(said, words[i]))
			return true;
	return false;
}

void told_begin(struct told_build *b, uint64_t line)
{
	b->told = (struct asset_told){ .line = line,
				       .fact = b->fact,
				       .kind = ASSET_KINDS,
				       .state = ASSET_STATES,
				       .confirmed = TIME_NONE,
				       .seen = TIME_NONE };
	b->fqdn = b->os = b->os_version = (struct str){ NULL, 0 };
}

static bool put_plain(struct told_build *b, enum asset_field field, struct str s)
{
	static const struct {
		enum asset_field field;
		enum asset_fact fact;
	} plain[] = {
		{ FIELD_VENDOR, FACT_VENDOR },   { FIELD_MODEL, FACT_MODEL },
		{ FIELD_SERIAL, FACT_SERIAL },   { FIELD_SYSTEM, FACT_SYSTEM },
		{ FIELD_OWNER, FACT_OWNER },     { FIELD_PLACE, FACT_PLACE },
		{ FIELD_PURPOSE, FACT_PURPOSE },
	};

	for (size_t i = 0; i < COUNT(plain); i++) {
		if (plain[i].field != field)
			continue;
		put_fact(b, plain[i].fact, s);
		return true;
	}
	return false;
}

void told_put(struct told_build *b, enum asset_field field, struct str cell)
{
	struct str s = str_trim(cell);
	struct err why = { 0 };

	if (field != FIELD_ENABLED && (table_cell_nothing(s) || says_nothing(*b->a, s)))
		return;
	if (!utf8_valid(s)) { /* out of base64 */
		err_set(&why, ERR_INPUT, 0, "a value is not UTF-8");
		tell(b, &why);
		return;
	}
	// clang-format off
	switch (field) {
	case FIELD_NAME:         put_name(b, s, &b->told.name); break;
	case FIELD_FQDN:         put_name(b, s, &b->fqdn); break;
	case FIELD_ADDRESS:      put_addresses(b, s); break;
	case FIELD_MAC:          put_macs(b, s); break;
	case FIELD_UNIT:         put_text(b, s, &b->told.unit); break;
	case FIELD_SITE:         put_text(b, s, &b->told.site); break;
	case FIELD_KIND:         put_kind(b, s); break;
	case FIELD_OS:           put_text(b, s, &b->os); break;
	case FIELD_OS_VERSION:   put_text(b, s, &b->os_version); break;
	case FIELD_LEVEL:        put_level(b, s); break;
	case FIELD_STATE:        put_state(b, s); break;
	case FIELD_CONFIRMED_BY: put_text(b, s, &b->told.confirmed_by); break;
	case FIELD_CONFIRMED:    (void)read_date(b, s, &b->told.confirmed); break;
	case FIELD_SUPPORT_END:  put_support_end(b, s); break;
	case FIELD_ENABLED:      put_enabled(b, s); break;
	case FIELD_SEEN:         put_seen(b, s); break;
	default:                 (void)put_plain(b, field, s); break;
	}
	// clang-format on
}

static void end_os(struct told_build *b)
{
	struct asset_told *t = &b->told;
	struct str os = b->os;
	int is;

	if (os.n > 0 && b->os_version.n > 0 && str_find(os, b->os_version) == os.n)
		os = arena_printf(b->a, "%.*s %.*s", STR_ARG(os), STR_ARG(b->os_version));
	if (os.n == 0)
		os = b->os_version;
	if (os.n == 0)
		return;
	add(b, FACT_OS, os);
	if (t->kind == ASSET_KINDS && word_of(*b->a, os, os_words, COUNT(os_words), &is))
		t->kind = (enum asset_kind)is;
}

/* Off is what somebody vouches for; else it counts with those in use. */
static void end_state(struct told_build *b)
{
	struct asset_told *t = &b->told;
	struct err why = { 0 };

	if (t->state != ASSET_OFF || t->confirmed_by.n > 0)
		return;
	err_set(&why, ERR_INPUT, 0, "said to be off, but not confirmed by whom: counts as in use");
	tell(b, &why);
	t->state = ASSET_STATES;
}

/* It would hide for good what comes after it. */
static void end_time(struct told_build *b, int64_t *t)
{
	struct err why = { 0 };
	char text[TIME_TEXT_MAX];

	if (*t == TIME_NONE || *t <= time_now() + TIME_DAY)
		return;
	err_set(&why, ERR_INPUT, 0, "a time to come: %s", time_date(*t + VIETNAM, text));
	tell(b, &why);
	*t = TIME_NONE;
}

static struct str first_of(const struct asset_told *t, enum asset_fact fact)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->fact[i].fact == fact)
			return t->fact[i].value;
	return (struct str){ NULL, 0 };
}

void told_end(struct told_build *b)
{
	struct asset_told *t = &b->told;
	struct err why = { 0 };

	if (b->fqdn.n > 0)
		t->name = b->fqdn;
	t->named = t->name.n > 0;
	if (!t->named)
		t->name = first_of(t, FACT_MAC);
	if (t->name.n == 0)
		t->name = first_of(t, FACT_ADDRESS);
	if (t->name.n == 0) {
		err_set(&why, ERR_INPUT, 0, "names no machine: no name, address or MAC address");
		tell(b, &why);
		return;
	}
	end_os(b);
	end_state(b);
	end_time(b, &t->seen);
	end_time(b, &t->confirmed);
	if (t->unit.n > 0)
		add(b, FACT_DEPARTMENT, t->unit);
	b->sink->row(b->sink->ctx, t);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.c - a scanner of words and pairs that knows which values may be in hexadecimal.
 *
 * Invariant: positions only grow and never pass the end of the view they index; a message in quotes
 * is read one level deep.
 */
#include "event/audit.h"

#include "base/num.h"
#include "event/audit_int.h"
#include "event/stamp.h"

struct scan {
	struct build *b;
	struct str type; /* of the record: tells what a0 means */
	struct str word; /* the last word that was no pair ("old" in "old auid=0") */
	bool nested;     /* inside msg='...' */
};

static bool blank(char c)
{
	return c == ' ' || c == '\x1d' || c == ',' || c == '(' || c == '\n' || c == '\r' ||
	       c == ':';
}

static size_t key_len(struct str s, size_t at)
{
	size_t i = at;

	while (i < s.n && (ascii_alpha(s.p[i]) || ascii_digit(s.p[i]) || s.p[i] == '_' ||
			   s.p[i] == '-' || s.p[i] == '[' || s.p[i] == ']' || s.p[i] == '.'))
		i++;
	return i > at && i < s.n && s.p[i] == '=' ? i - at : 0;
}

/* Fields that user space can choose: the kernel writes them in quotes or in hexadecimal. */
static bool may_be_hex(const struct scan *c, struct str key)
{
	static const struct str names[] = {
		STR("exe"),  STR("comm"), STR("cmd"),      STR("proctitle"), STR("name"),
		STR("cwd"),  STR("acct"), STR("path"),     STR("key"),       STR("data"),
		STR("file"), STR("dir"),  STR("ocomm"),    STR("grp"),       STR("watch"),
		STR("vm"),   STR("unit"), STR("root_dir"), STR("new_group"),
	};

	/* a0, a1[0]: text in EXECVE, numbers elsewhere. */
	if (key.p[0] == 'a' && key.n > 1 && ascii_digit(key.p[1]))
		return str_eq(c->type, STR("EXECVE"));
	for (size_t i = 0; i < COUNT(names); i++)
		if (str_eq(key, names[i]))
			return true;
	return false;
}

static bool is_hex(struct str v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!ascii_digit(v.p[i]) && (v.p[i] < 'A' || v.p[i] > 'F'))
			return false;
	return v.n >= 2 && v.n % 2 == 0;
}

static unsigned nibble(char c)
{
	return ascii_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A' + 10);
}

/* Hexadecimal to text; a NUL between arguments becomes a blank. */
static struct str unhex(struct build *b, struct str v)
{
	char *out = arena_bytes(b->a, v.n / 2);
	size_t n = v.n / 2;

	if (out == NULL) {
		b->ev.partial = true;
		return v;
	}
	for (size_t i = 0; i < n; i++) {
		out[i] = (char)(nibble(v.p[2 * i]) << 4 | nibble(v.p[2 * i + 1]));
		if (out[i] == '\0')
			out[i] = ' ';
	}
	return str_trim((struct str){ out, n });
}

/* A rule may carry several keys, parted by 0x01. */
static void add_keys(struct build *b, struct str name, struct str keys)
{
	struct str one;

	while (str_split(&keys, '\x01', &one))
		build_add(b, name, one);
}

/* "old auid=1 new auid=0": the word before is part of the name. */
static struct str full_name(struct scan *c, struct str key)
{
	char *p;

	if (!str_eq(c->word, STR("old")) && !str_eq(c->word, STR("new")))
		return key;
	p = arena_bytes(c->b->a, key.n + 4);
	if (p == NULL) {
		c->b->ev.partial = true;
		return key;
	}
	memcpy(p, str_eq(c->word, STR("old")) ? "old" : "new", 3);
	p[3] = '_';
	if (key.n > 0)
		memcpy(p + 4, key.p, key.n);
	return (struct str){ p, key.n + 4 };
}

/* struct sockaddr in hexadecimal: AF_INET is 0200 PPPP AAAAAAAA, AF_INET6 0A00 PPPP FFFFFFFF A*32. */
static void add_sockaddr(struct build *b, struct str hex)
{
	struct addr a = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0 } };
	bool v4 = str_starts(hex, STR("0200")) && hex.n >= 16;
	bool v6 = str_starts(hex, STR("0A00")) && hex.n >= 48;
	char text[ADDR_TEXT_MAX];
	uint64_t port;

	if ((!v4 && !v6) || !num_parse_hex(str_sub(hex, 4, 8), 0xffff, &port))
		return;
	for (size_t i = 0; i < (v4 ? 4u : 16u); i++) {
		const char *p = hex.p + (v4 ? 8 : 16) + 2 * i;

		a.b[(v4 ? 12 : 0) + i] = (uint8_t)(nibble(p[0]) << 4 | nibble(p[1]));
	}
	struct str ip = arena_str(b->a, str_of(addr_text(&a, text)));
	struct str num = arena_printf(b->a, "%u", (unsigned)port);
	if (ip.p == NULL || num.p == NULL) {
		b->ev.partial = true;
		return;
	}
	build_add(b, STR("saddr_ip"), ip);
	build_add(b, STR("saddr_port"), num);
}

static void add_pair(struct scan *c, struct str key, struct str val, bool quoted)
{
	struct build *b = c->b;
	struct str name = full_name(c, key);

	if (!quoted && is_hex(val) && may_be_hex(c, key))
		val = unhex(b, val);
	if (str_eq(key, STR("key")))
		add_keys(b, name, val);
	else
		build_add(b, name, val);
	if (str_eq(key, STR("saddr")) && is_hex(val))
		add_sockaddr(b, val);
}

/* "avc:  denied  { read write } for": the decision and the permissions. */
static size_t avc_words(struct scan *c, struct str s, size_t at, struct str w)
{
	if (str_eq(w, STR("denied")) || str_eq(w, STR("granted")))
		build_add(c->b, STR("seresult"), w);
	if (!str_eq(w, STR("{")))
		return at;
	size_t end = str_find_char(str_skip(s, at), '}');
	build_add(c->b, STR("seperms"), str_trim(str_sub(s, at, at + end)));
	return at + end < s.n ? at + end + 1 : s.n;
}

static void body(struct scan *c, struct str s);

/* The value behind `key=` at `at`; returns where it ends. */
static size_t take_value(struct scan *c, struct str s, size_t at, struct str key)
{
	size_t end;

	if (at < s.n && s.p[at] == '"') {
		end = at + 1 + str_find_char(str_skip(s, at + 1), '"');
		add_pair(c, key, str_sub(s, at + 1, end), true);
		return end < s.n ? end + 1 : s.n;
	}
	if (at < s.n && s.p[at] == '\'' && !c->nested) {
		struct scan inner = { c->b, c->type, { NULL, 0 }, true };

		end = at + 1 + str_find_char(str_skip(s, at + 1), '\'');
		body(&inner, str_sub(s, at + 1, end));
		return end < s.n ? end + 1 : s.n;
	}
	for (end = at; end < s.n && s.p[end] != ' ' && s.p[end] != '\x1d'; end++)
		;
	struct str val = str_sub(s, at, end);
	/* "(hostname=?, addr=?, res=success)" of old user messages; a name may hold brackets. */
	bool open = str_find_char(val, '(') < val.n;
	while (val.n > 0 && c->nested &&
	       (val.p[val.n - 1] == ',' || (val.p[val.n - 1] == ')' && !open)))
		val.n--;
	/* ausearch and some kernels leave a quote behind hexadecimal */
	if (val.n > 1 && val.p[val.n - 1] == '"')
		val.n--;
	add_pair(c, key, val, false);
	return end;
}

static void body(struct scan *c, struct str s)
{
	size_t at = 0, n;

	while (at < s.n) {
		if (blank(s.p[at])) {
			at++;
			continue;
		}
		n = key_len(s, at);
		if (n > 0) {
			at = take_value(c, s, at + n + 1, str_sub(s, at, at + n));
			c->word.n = 0;
			continue;
		}
		n = at;
		while (at < s.n && s.p[at] != ' ' && s.p[at] != '\x1d')
			at++;
		c->word = str_sub(s, n, at);
		at = avc_words(c, s, at, c->word);
	}
}

/* "audit(1700000000.123:7)": its time and number. Returns what follows ')', p NULL on failure. */
static struct str take_id(struct build *b, struct str s, struct str *serial)
{
	size_t colon, close = str_find_char(str_sub(s, 0, 80), ')');
	int64_t t;

	if (!str_starts(s, STR("audit(")) || close >= s.n || close >= 80)
		return (struct str){ NULL, 0 };
	colon = str_find_char(str_sub(s, 0, close), ':');
	if (colon == close || !stamp_epoch(str_sub(s, 6, colon), &t))
		return (struct str){ NULL, 0 };
	*serial = str_sub(s, colon + 1, close);
	build_time(b, t);
	return str_skip(s, close + 1);
}

/* One record of the event. */
static bool read_line(struct build *b, struct str line, bool first)
{
	struct scan c = { .b = b };
	struct str s = line, serial;

	if (str_starts(s, STR("node="))) {
		size_t n = str_find_char(s, ' ');

		if (first) {
			b->host = str_sub(s, 5, n);
			build_add(b, STR("node"), b->host);
		}
		s = str_skip(s, n + 1);
	}
	/* "audit: type=1400 audit(...)" of the kernel's own log */
	if (str_starts(s, STR("audit: ")))
		s = str_skip(s, 7);
	if (!str_starts(s, STR("type=")))
		return false;
	c.type = str_sub(s, 5, str_find_char(s, ' '));
	s = str_skip(s, 5 + c.type.n + 1);
	if (str_starts(s, STR("msg=")))
		s = str_skip(s, 4);
	s = take_id(b, s, &serial);
	if (s.p == NULL || c.type.n == 0)
		return false;
	build_add(b, STR("type"), c.type);
	if (first)
		build_add(b, STR("sequence"), serial);
	if (str_starts(c.type, STR("AUOMS_")))
		audit_oms(b, s);
	else
		body(&c, s);
	return true;
}

/* The numbers that rules ask for, x86-64. */
static const struct {
	uint16_t n;
	struct str name;
} calls[] = {
	{ 0, STR("read") },
	{ 1, STR("write") },
	{ 2, STR("open") },
	{ 3, STR("close") },
	{ 9, STR("mmap") },
	{ 41, STR("socket") },
	{ 42, STR("connect") },
	{ 43, STR("accept") },
	{ 44, STR("sendto") },
	{ 45, STR("recvfrom") },
	{ 49, STR("bind") },
	{ 50, STR("listen") },
	{ 51, STR("getsockname") },
	{ 52, STR("getpeername") },
	{ 56, STR("clone") },
	{ 57, STR("fork") },
	{ 58, STR("vfork") },
	{ 59, STR("execve") },
	{ 62, STR("kill") },
	{ 76, STR("truncate") },
	{ 77, STR("ftruncate") },
	{ 82, STR("rename") },
	{ 83, STR("mkdir") },
	{ 84, STR("rmdir") },
	{ 85, STR("creat") },
	{ 86, STR("link") },
	{ 87, STR("unlink") },
	{ 88, STR("symlink") },
	{ 90, STR("chmod") },
	{ 91, STR("fchmod") },
	{ 92, STR("chown") },
	{ 93, STR("fchown") },
	{ 94, STR("lchown") },
	{ 101, STR("ptrace") },
	{ 105, STR("setuid") },
	{ 106, STR("setgid") },
	{ 113, STR("setreuid") },
	{ 117, STR("setresuid") },
	{ 133, STR("mknod") },
	{ 155, STR("pivot_root") },
	{ 157, STR("prctl") },
	{ 159, STR("adjtimex") },
	{ 161, STR("chroot") },
	{ 164, STR("settimeofday") },
	{ 165, STR("mount") },
	{ 166, STR("umount2") },
	{ 170, STR("sethostname") },
	{ 171, STR("setdomainname") },
	{ 175, STR("init_module") },
	{ 176, STR("delete_module") },
	{ 188, STR("setxattr") },
	{ 197, STR("removexattr") },
	{ 227, STR("clock_settime") },
	{ 257, STR("openat") },
	{ 263, STR("unlinkat") },
	{ 264, STR("renameat") },
	{ 268, STR("fchmodat") },
	{ 288, STR("accept4") },
	{ 310, STR("process_vm_readv") },
	{ 311, STR("process_vm_writev") },
	{ 313, STR("finit_module") },
	{ 316, STR("renameat2") },
	{ 319, STR("memfd_create") },
	{ 321, STR("bpf") },
	{ 322, STR("execveat") },
	{ 435, STR("clone3") },
	{ 437, STR("openat2") },
};

static struct str syscall_name(struct str arch, struct str number)
{
	uint64_t v;

	if (!str_eq(arch, STR("c000003e")) || !num_parse(number, 0, UINT16_MAX, &v))
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < COUNT(calls); i++)
		if (calls[i].n == v)
			return calls[i].name;
	return (struct str){ NULL, 0 };
}

/* argv of EXECVE, joined by blanks, up to the first argument that was itself cut in pieces. */
static void join_argv(struct build *b, uint32_t from)
{
	size_t n = 0, k = 0;
	uint32_t first = b->n, i;
	char *p;

	for (i = from; i < b->n; i++)
		if (str_eq(b->f[i].name, STR("argc")))
			break;
	for (i++; i < b->n; i++) {
		struct str name = b->f[i].name;

		if (name.n < 2 || name.p[0] != 'a' || !ascii_digit(name.p[1]))
			break;
		first = first == b->n ? i : first;
		n += b->f[i].val.n + 1;
	}
	if (n == 0)
		return;
	p = arena_bytes(b->a, n);
	if (p == NULL) {
		b->ev.partial = true;
		return;
	}
	for (uint32_t f = first; f < i; f++) {
		if (k > 0)
			p[k++] = ' ';
		if (b->f[f].val.n > 0)
			memcpy(p + k, b->f[f].val.p, b->f[f].val.n);
		k += b->f[f].val.n;
	}
	build_add(b, STR("command"), (struct str){ p, k });
}

static bool has_exactly(const struct build *b, uint32_t from, struct str name)
{
	for (uint32_t i = from; i < b->n; i++)
		if (str_eq(b->f[i].name, name))
			return true;
	return false;
}

bool audit_read(struct build *b, struct str record, struct err *why)
{
	struct str rest = record, line;
	uint32_t from = b->n;
	bool first = true;

	while (str_line(&rest, &line)) {
		if (line.n == 0)
			continue;
		if (!read_line(b, line, first))
			return err_set(why, ERR_INPUT, (size_t)(line.p - record.p),
				       "expected type= and msg=audit(time:serial)");
		first = false;
	}
	if (first)
		return err_set(why, ERR_INPUT, 0, "expected type= and msg=audit(time:serial)");
	/* Names are told apart by case only: `syscall` is the number, `SYSCALL` its name. */
	if (!has_exactly(b, from, STR("SYSCALL")))
		build_add_some(
			b, STR("SYSCALL"),
			syscall_name(build_raw(b, STR("arch")), build_raw(b, STR("syscall"))));
	join_argv(b, from);
	return true;
}

int audit_probe(struct str record)
{
	struct str head = str_sub(record, 0, 320);

	if (!str_starts(head, STR("type=")) && !str_starts(head, STR("node=")) &&
	    !str_starts(head, STR("audit: type=")))
		return 0;
	return str_find(head, STR("audit(")) < head.n && str_find(head, STR("type=")) < head.n ? 100
											       : 0;
}

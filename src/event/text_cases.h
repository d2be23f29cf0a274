/* SPDX-License-Identifier: Apache-2.0 */
/* text_cases.h - lines of our own writing for text_test.c: what a rule must make of each. */
/* clang-format off */
	/* sshd */
	{ "<38>Mar 10 12:00:00 gw sshd[812]: Accepted publickey for an from 192.0.2.7 port 50122 ssh2: ED25519 SHA256:abc",
	  "user.name=an|source.ip=192.0.2.7|source.port=50122|event.action=ssh_login|event.outcome=success|host.name=gw" },
	{ "Mar 10 12:00:00 gw sshd[812]: Failed password for invalid user admin from 2001:db8::5 port 9 ssh2",
	  "user.name=admin|source.ip=2001:db8::5|event.outcome=failure|event.category=authentication" },
	{ "Mar 10 12:00:00 gw sshd[812]: Failed password for invalid user x from 192.0.2.1 port 1 ssh2 from 198.51.100.9 port 77 ssh2",
	  "user.name=x from 192.0.2.1 port 1 ssh2|source.ip=198.51.100.9|source.port=77" },
	{ "Mar 10 12:00:00 gw sshd-session[9]: Invalid user  from 192.0.2.9 port 4", "source.ip=192.0.2.9|event.action=ssh_invalid_user" },
	{ "Mar 10 12:00:00 gw sshd[9]: error: maximum authentication attempts exceeded for root from 192.0.2.9 port 4 ssh2 [preauth]",
	  "user.name=root|source.ip=192.0.2.9|event.outcome=failure" },
	{ "Mar 10 12:00:00 gw sshd[9]: something that sshd never said", "" },
	/* sudo, PAM, su */
	{ "Mar 10 12:00:00 gw sudo:     binh : TTY=pts/0 ; PWD=/home/binh ; USER=root ; COMMAND=/usr/bin/id -u",
	  "user.name=binh|user.target.name=root|process.command_line=/usr/bin/id -u|event.action=sudo|event.outcome=success" },
	{ "Mar 10 12:00:00 gw sudo: guest : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
	  "user.name=guest|event.outcome=failure" },
	{ "Mar 10 12:00:00 gw sudo: binh : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
	  "user.name=binh|event.outcome=failure" },
	{ "Mar 10 12:00:00 gw sshd[7]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.4  user=root",
	  "user.name=root|source.ip=192.0.2.4|event.outcome=failure" },
	{ "Mar 10 12:00:00 gw su[7]: FAILED SU (to root) chi on pts/1", "user.name=chi|user.target.name=root|event.outcome=failure" },
	{ "Mar 10 12:00:00 gw CRON[7]: (root) CMD (/usr/lib/backup)", "user.name=root|event.action=cron" },
	{ "Mar 10 12:00:00 gw useradd[7]: new user: name=eve, UID=0, GID=0, home=/home/eve, shell=/bin/sh", "user.target.name=eve|event.action=user_add" },
	/* clang-format on */

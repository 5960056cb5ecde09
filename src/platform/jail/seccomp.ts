/** Numbers of system calls that no script needs: each widens what a flaw of the kernel would give away, or
    takes memory that nobody counts. In the order of their names in {@link NAMES}. */
const NAMES =
  `ptrace shmget msgget mq_open mount umount2 swapon swapoff reboot acct pivot_root chroot unshare
  setns init_module delete_module finit_module kexec_load kexec_file_load add_key request_key keyctl bpf
  perf_event_open userfaultfd memfd_create memfd_secret process_vm_readv process_vm_writev open_by_handle_at
  name_to_handle_at quotactl fanotify_init move_pages kcmp syslog vhangup io_uring_setup io_uring_enter
  io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr pidfd_getfd quotactl_fd
  clone3`.split(/\s+/);
/** The same on every machine. */
const COMMON = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 438, 443, 435];
const MACHINES: Partial<
  Record<NodeJS.Architecture, { audit: number; clone: number; calls: number[] }>
> = {
  x64: {
    audit: 0xc000003e,
    clone: 56,
    calls: [
      101,
      29,
      68,
      240,
      165,
      166,
      167,
      168,
      169,
      163,
      155,
      161,
      272,
      308,
      175,
      176,
      313,
      246,
      320,
      248,
      249,
      250,
      321,
      298,
      323,
      319,
      447,
      310,
      311,
      304,
      303,
      179,
      300,
      279,
      312,
      103,
      153,
      ...COMMON,
    ],
  },
  arm64: {
    audit: 0xc00000b7,
    clone: 220,
    calls: [
      117,
      194,
      186,
      180,
      40,
      39,
      224,
      225,
      142,
      89,
      41,
      51,
      97,
      268,
      105,
      106,
      273,
      104,
      294,
      217,
      218,
      219,
      280,
      241,
      282,
      279,
      447,
      270,
      271,
      265,
      264,
      60,
      262,
      239,
      272,
      116,
      58,
      ...COMMON,
    ],
  },
};

const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
/** "There is no such call": what programs are prepared for. */
const REFUSE = 0x00050000 | 38;
/** Of `clone`: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NEW_NAMESPACE = 0x7e020000;
const FOREIGN_CALLS = 0x40000000;

type Instruction = [code: number, ifTrue: number, ifFalse: number, k: number];

/**
 * A filter of system calls as the kernel wants it, for bubblewrap's `--seccomp`; undefined on a machine whose
 * numbers are not known here.
 */
export function seccompFilter(machine: NodeJS.Architecture = process.arch): Buffer | undefined {
  const known = MACHINES[machine];
  if (!known) return undefined;
  const { audit, clone, calls } = known;
  if (calls.length !== NAMES.length) throw new Error('a system call has no number');
  // Jumps count from the next instruction; the last three are allow, refuse, kill.
  const toRefuse = (from: number) => calls.length + 7 - from;
  const program: Instruction[] = [
    [LOAD, 0, 0, 4],
    [JUMP_IF_EQUAL, 0, calls.length + 7, audit],
    [LOAD, 0, 0, 0],
    [JUMP_IF_AT_LEAST, toRefuse(3), 0, FOREIGN_CALLS],
    ...calls.map((call, i): Instruction => [JUMP_IF_EQUAL, toRefuse(4 + i), 0, call]),
    [JUMP_IF_EQUAL, 0, 2, clone],
    [LOAD, 0, 0, 16],
    [JUMP_IF_ANY_BIT, 1, 0, NEW_NAMESPACE],
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, REFUSE],
    [RETURN, 0, 0, KILL],
  ];
  return assemble(program);
}

function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, k], i) => {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(ifTrue, i * 8 + 2);
    bytes.writeUInt8(ifFalse, i * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, i * 8 + 4);
  });
  return bytes;
}

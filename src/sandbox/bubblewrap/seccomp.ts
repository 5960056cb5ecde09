/**
 * System calls that no script needs: each enlarges the attack surface of the
 * kernel or takes memory that no limit counts. A filter cannot read the
 * arguments of `openat2`. The tables of numbers below are in this order.
 */
const NAMES =
  `ptrace shmget msgget mq_open mount umount2 swapon swapoff reboot acct pivot_root chroot unshare
  setns init_module delete_module finit_module kexec_load kexec_file_load add_key request_key keyctl bpf
  perf_event_open userfaultfd memfd_create memfd_secret process_vm_readv process_vm_writev open_by_handle_at
  name_to_handle_at quotactl fanotify_init move_pages kcmp syslog vhangup io_uring_setup io_uring_enter
  io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr pidfd_getfd quotactl_fd
  clone3 openat2`.split(/\s+/);
/** Numbers that are the same on every architecture. */
const COMMON = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 438, 443, 435, 437];

interface Machine {
  audit: number;
  clone: number;
  calls: number[];
  /** Calls that set file modes, each with the index of its mode argument. */
  modes: [call: number, argument: number][];
}

const MACHINES: Partial<Record<NodeJS.Architecture, Machine>> = {
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
    // chmod, fchmod, fchmodat, fchmodat2, open, openat, creat, mkdir, mkdirat, mknod, mknodat
    modes: [
      [90, 1],
      [91, 1],
      [268, 2],
      [452, 2],
      [2, 2],
      [257, 3],
      [85, 1],
      [83, 1],
      [258, 2],
      [133, 1],
      [259, 2],
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
    // fchmod, fchmodat, fchmodat2, openat, mkdirat, mknodat
    modes: [
      [52, 1],
      [53, 2],
      [452, 2],
      [56, 3],
      [34, 2],
      [33, 2],
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
/** ENOSYS, "function not implemented": programs are prepared to fall back. */
const REFUSE = 0x00050000 | 38;
const DENY = 0x00050000 | 1;
/**
 * Flags of `clone`: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID,
 * NEWNET.
 */
const NEW_NAMESPACE = 0x7e020000;
/**
 * The set-user-ID and set-group-ID bits. Where the project belongs to root, a
 * file with these bits would make everybody who runs it on the host root.
 */
const SET_ID = 0o6000;
const FOREIGN_CALLS = 0x40000000;

type Verdict = 'refuse' | 'deny' | 'kill';
/** `assemble` turns the name of a verdict into the offset of its jump. */
type Instruction = [code: number, ifTrue: number | Verdict, ifFalse: number | Verdict, k: number];

/**
 * The seccomp filter as a BPF program, for bubblewrap's `--seccomp`; undefined
 * on an architecture whose numbers are not in the table.
 */
export function seccompFilter(machine: NodeJS.Architecture = process.arch): Buffer | undefined {
  const known = MACHINES[machine];
  if (!known) return undefined;
  const { audit, clone, calls, modes } = known;
  if (calls.length !== NAMES.length) throw new Error('a system call has no number');
  return assemble([
    [LOAD, 0, 0, 4],
    [JUMP_IF_EQUAL, 0, 'kill', audit],
    [LOAD, 0, 0, 0],
    [JUMP_IF_AT_LEAST, 'refuse', 0, FOREIGN_CALLS],
    ...calls.map((call): Instruction => [JUMP_IF_EQUAL, 'refuse', 0, call]),
    ...without(clone, 0, NEW_NAMESPACE, 'refuse'),
    ...modes.flatMap(([call, argument]) => without(call, argument, SET_ID, 'deny')),
    [RETURN, 0, 0, ALLOW],
  ]);
}

/** Applies the verdict to a call that has any of these bits in an argument. */
const without = (call: number, at: number, bits: number, verdict: Verdict): Instruction[] => [
  [JUMP_IF_EQUAL, 0, 3, call],
  [LOAD, 0, 0, 16 + 8 * at],
  [JUMP_IF_ANY_BIT, verdict, 0, bits],
  [RETURN, 0, 0, ALLOW],
];

const VERDICTS: [Verdict, number][] = [
  ['refuse', REFUSE],
  ['deny', DENY],
  ['kill', KILL],
];

/**
 * Encodes the program. Verdicts stand at the end; the offset of a jump counts
 * from the next instruction.
 */
function assemble(program: readonly Instruction[]): Buffer {
  const all: Instruction[] = [
    ...program,
    ...VERDICTS.map(([, k]): Instruction => [RETURN, 0, 0, k]),
  ];
  const bytes = Buffer.alloc(all.length * 8);
  const place = (target: number | Verdict, from: number) =>
    typeof target === 'number'
      ? target
      : program.length + VERDICTS.findIndex(([name]) => name === target) - from - 1;
  all.forEach(([code, ifTrue, ifFalse, k], i) => {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(place(ifTrue, i), i * 8 + 2);
    bytes.writeUInt8(place(ifFalse, i), i * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, i * 8 + 4);
  });
  return bytes;
}

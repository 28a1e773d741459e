import koffi from 'koffi';

import { hostSystem } from '#node-kit/host-system/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** The calls of the C library that create a pseudo terminal pair. They take and return file descriptors. */
export interface Libc {
  /** Opens a pty master, granted and unlocked. It is not inherited by child processes, and writes do not block. */
  openMaster(): number;
  /** Path of the slave of a master, for example `/dev/pts/7`. */
  slavePathOf(masterFd: number): string;
  /** Sets 8 bits, no echo, no translation of line ends, no flow control, no signals. */
  makeRaw(fd: number): void;
  /** The rate in bit/s that is set on a terminal; `null` when it cannot be read. */
  speedOf(fd: number): number | null;
  /** Number of bytes that have arrived at a terminal and are not read yet. */
  unreadBytesOf(fd: number): number;
}

const O_RDWR = 0o2;
const LINUX = { noctty: 0o400, nonblock: 0o4000, cloexec: 0o2000000, fionread: 0x541b, tcgets2: 0x802c542a };
const DARWIN = { noctty: 0x20000, nonblock: 0x4, cloexec: 0x1000000, fionread: 0x4004667f };
const F_SETFL = 4;
const TCSANOW = 0;
/** `struct termios` has 60 bytes on Linux and 72 on macOS. It is only passed on here. */
const TERMIOS_BYTES = 256;
/** `struct termios2` of Linux: four flag words, c_line, c_cc[19], c_ispeed, c_ospeed. */
const TERMIOS2_OUTPUT_SPEED_OFFSET = 40;

/**
 * Binds the C library that this process already has loaded, so that glibc, musl and macOS need no file names.
 * Faults: `tool-missing` where there are no ptys, or where they are forbidden.
 */
export function loadLibc(): Libc {
  const { kind, ptysMissing } = hostSystem();
  if (ptysMissing !== null) {
    throw new Fault('tool-missing', `no pseudo-terminal can be opened: ${ptysMissing}`, {
      hint: 'use TCP ports',
    });
  }
  const flags = kind === 'macos' ? DARWIN : LINUX;
  const lib = koffi.load(null);
  const posixOpenpt = lib.func('int posix_openpt(int flags)');
  const grantpt = lib.func('int grantpt(int fd)');
  const unlockpt = lib.func('int unlockpt(int fd)');
  const ptsname = lib.func('const char *ptsname(int fd)');
  const tcgetattr = lib.func('int tcgetattr(int fd, void *termios)');
  const tcsetattr = lib.func('int tcsetattr(int fd, int when, void *termios)');
  const cfmakeraw = lib.func('void cfmakeraw(void *termios)');
  const cfgetospeed = lib.func('unsigned long cfgetospeed(void *termios)');
  const fcntl = lib.func('int fcntl(int fd, int command, ...)');
  const ioctl = lib.func('int ioctl(int fd, unsigned long request, ...)');

  const must = (result: number, call: string): number => {
    if (result >= 0) return result;
    throw new Fault(
      'tool-missing',
      `the system gives no pseudo terminal (${call} failed, errno ${koffi.errno()})`,
      {
        hint: 'check that /dev/ptmx exists and that the limit in /proc/sys/kernel/pty/max is not reached',
      },
    );
  };

  return {
    openMaster() {
      const fd = must(posixOpenpt(O_RDWR | flags.noctty | flags.cloexec) as number, 'posix_openpt');
      must(fcntl(fd, F_SETFL, 'int', O_RDWR | flags.nonblock) as number, 'fcntl');
      must(grantpt(fd) as number, 'grantpt');
      must(unlockpt(fd) as number, 'unlockpt');
      return fd;
    },
    slavePathOf(masterFd) {
      const path = ptsname(masterFd) as string | null;
      if (path === null) must(-1, 'ptsname');
      return path ?? '';
    },
    makeRaw(fd) {
      const termios = Buffer.alloc(TERMIOS_BYTES);
      must(tcgetattr(fd, termios) as number, 'tcgetattr');
      cfmakeraw(termios);
      must(tcsetattr(fd, TCSANOW, termios) as number, 'tcsetattr');
    },
    speedOf(fd) {
      const termios = Buffer.alloc(TERMIOS_BYTES);
      if (kind === 'linux') {
        // cfgetospeed returns a code per rate and has none for a rate such as 74880.
        if ((ioctl(fd, LINUX.tcgets2, 'void *', termios) as number) < 0) return null;
        return termios.readUInt32LE(TERMIOS2_OUTPUT_SPEED_OFFSET);
      }
      if ((tcgetattr(fd, termios) as number) < 0) return null;
      return Number(cfgetospeed(termios));
    },
    unreadBytesOf(fd) {
      const count = Buffer.alloc(4);
      return (ioctl(fd, flags.fionread, 'void *', count) as number) < 0 ? 0 : count.readInt32LE(0);
    },
  };
}

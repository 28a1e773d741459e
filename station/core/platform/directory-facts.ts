/**
 * What tells a directory from a copy of it, as the file system says. `mv` on the same disk changes none of this; `cp -a`,
 * `rsync`, and a directory that is unpacked from an archive get other numbers.
 */
export interface DirectoryFacts {
  /** Device number of the file system, in decimal. It holds for one boot of the computer; null where not even that long. */
  readonly device: string | null;
  /** Inode number (file id on Windows), in decimal; null where the file system makes it up anew at each mount. */
  readonly inode: string | null;
  /** When it was made, nanoseconds since 1970 in decimal; null where the file system does not keep it. */
  readonly bornNs: string | null;
}

/** Atomic writes, durable renames, private files, and errors of the file system as faults. */
export { copyFileAtomic } from './copy-file-atomic.ts';
export {
  asFileFault,
  DISK_HINTS,
  type FileFaultCode,
  fileFaultCodeOf,
  hasErrno,
  isDiskFaultCode,
} from './errno-fault.ts';
export { nativeFileName, portableFileName } from './file-name.ts';
export { makeDir } from './make-dir.ts';
export { overwriteFileSync } from './overwrite-file.ts';
export { readFileIfThere, readOrCreatePrivateFile } from './private-file.ts';
export {
  renameDurably,
  renameDurablySync,
  renameFile,
  syncFileSync,
  syncDirectorySync,
} from './rename-durably.ts';
export { letsOthersIn, ownerOnlyArguments, restrictByAcl } from './windows-acl.ts';
export { TEMPORARY_ENDING } from './leftovers.ts';
export { shareFile } from './share-file.ts';
export {
  type FileContent,
  writeFileAtomic,
  writeFileAtomicSync,
  type WriteOptions,
} from './write-file-atomic.ts';
export { zipArchive, type ZipEntry } from './zip-archive.ts';

import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 250;
/** Time for which a lock without an owner is respected: its creator may still write the owner's name. */
const UNOWNED_MS = 5000;

/**
 * Runs `work` while no other process does. The lock is a folder, because creating one is atomic everywhere; a file in it
 * names the owners. A lock whose owners have all ended is removed.
 *
 * @param {string} dir
 * @param {string} what names the work in the message while another process does it
 * @param {(addOwner: (pid: number) => void) => Promise<void>} work adds the processes that it starts as owners, so that
 *   the lock lasts until they have ended too
 */
export async function withLock(dir, what, work) {
  mkdirSync(dirname(dir), { recursive: true });
  let announced = false;
  while (!tryLock(dir)) {
    if (!announced)
      process.stderr.write(`gongwei: ${what} is under way in another process; waiting for it …\n`);
    announced = true;
    await delay(POLL_MS);
  }
  try {
    await work((pid) => writeFileSync(join(dir, 'owner'), `${process.pid} ${pid}`));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {string} dir */
function tryLock(dir) {
  if (!tryMakeDir(dir)) {
    if (isStale(dir)) breakLock(dir);
    return false;
  }
  writeFileSync(join(dir, 'owner'), String(process.pid));
  return true;
}

/**
 * Removes a stale lock. Only one process at a time does this, and it checks the lock again; otherwise a slow process could
 * remove the lock of another one that was created in between.
 *
 * @param {string} dir
 */
function breakLock(dir) {
  const breaking = `${dir}.breaking`;
  if (!tryMakeDir(breaking)) {
    if (ageMs(breaking) > UNOWNED_MS) rmSync(breaking, { recursive: true, force: true });
    return;
  }
  try {
    if (isStale(dir)) rmSync(dir, { recursive: true, force: true });
  } finally {
    rmSync(breaking, { recursive: true, force: true });
  }
}

/** @param {string} dir */
function isStale(dir) {
  try {
    const owners = readFileSync(join(dir, 'owner'), 'utf8').split(' ').map(Number);
    if (owners.every((pid) => Number.isInteger(pid) && pid > 0)) return !owners.some(isAlive);
  } catch {
    // The owner is not written yet.
  }
  return ageMs(dir) > UNOWNED_MS;
}

/** @param {string} dir */
function tryMakeDir(dir) {
  try {
    mkdirSync(dir);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  }
}

/** @param {string} path */
function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

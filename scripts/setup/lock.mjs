import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 250;
/** A lock without an owner's name is one whose maker died between two steps; this long it may still be writing it. */
const NAMELESS_MS = 5000;

/**
 * Runs `work` while no other process does: a folder is the lock (making one is atomic everywhere), a file in it
 * names the owners. A lock none of whose owners is alive is taken over.
 *
 * @param {string} dir
 * @param {string} what for the line that says what is being waited for
 * @param {(addOwner: (pid: number) => void) => Promise<void>} work tells of the processes it starts, so that the
 *   lock outlives this process when one of them does
 */
export async function withLock(dir, what, work) {
  mkdirSync(dirname(dir), { recursive: true });
  let said = false;
  while (!tryLock(dir)) {
    if (!said) process.stderr.write(`gongwei: ${what} is under way in another process; waiting for it …\n`);
    said = true;
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
 * Only one process at a time judges a lock dead, and it looks again when it is alone: or else a slow one would
 * remove the lock of whoever took over in between.
 *
 * @param {string} dir
 */
function breakLock(dir) {
  const breaking = `${dir}.breaking`;
  if (!tryMakeDir(breaking)) {
    if (ageMs(breaking) > NAMELESS_MS) rmSync(breaking, { recursive: true, force: true });
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
    // No owner named yet.
  }
  return ageMs(dir) > NAMELESS_MS;
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

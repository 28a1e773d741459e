/** Formats a time for the name of a file: `20261121T081500`, UTC. */
export function backupStamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]/g, '').slice(0, 15);
}

import { Fault } from '#shared/domain/fault.ts';

/** The print system knows no such queue, or does not take the job; `said` are its words. */
export function queueMissing(queue: string, said: string): Fault {
  const [why] = said.trim().split('\n');
  return new Fault(
    'printer-unreachable',
    `the print queue ${queue} cannot be used${why === undefined || why === '' ? '' : `: ${why}`}`,
    {
      hint: 'Choose one of the queues of this computer, or set the printer up in its operating system.',
      details: { place: `queue:${queue}` },
    },
  );
}

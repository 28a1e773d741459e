import { Fault } from '#shared/domain/fault.ts';

/** The fault that some work ends with; anything else fails the test. */
export async function faultOf(work: () => unknown): Promise<Fault> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('a fault was expected, and there was none');
}

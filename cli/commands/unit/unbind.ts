import { Fault } from '#shared/domain/fault.ts';
import { type ApproverFlags, approverOf, beforeApproval } from '../../approval.ts';
import { type CommonOptions, interruptSignal } from '../../command.ts';
import { createOutput } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withStation } from '../../with-station.ts';

/** `unit unbind`: releases a unit from its owner. */
export async function unbind(
  unit: string,
  options: CommonOptions & ApproverFlags & { readonly reason: string },
): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  await withStation(options, async (station) => {
    const { owner, registryReachable } = await station.returns.find(unit, signal);
    if (!registryReachable)
      throw new Fault(
        'registry-unreachable',
        'the registry does not answer, so that its owner is not known',
        {
          hint: 'Try again when it can be reached; nothing was changed.',
        },
      );
    if (owner == null) {
      out.event('unit.unbound', { released: false, told: true });
      return out.print('it is bound to no owner');
    }
    await beforeApproval(station, options, signal);
    const { productId, deviceName } = owner;
    const request = {
      productId,
      deviceName,
      owner: owner.owner,
      reason: options.reason,
      ...approverOf(options),
    };
    const done = await station.returns.unbind(request, terminalSession(), signal);
    out.event('unit.unbound', { productId, deviceName, owner: owner.owner, ...done });
    const told = done.told ? 'and was told' : 'and is told at its next login';
    out.print(`${productId}/${deviceName} is released from ${owner.owner}, ${told}`);
  });
}

import { type Command, InvalidArgumentError } from 'commander';
import { openRegistryStore } from '#registry';
import { type ApproverFlags, withApprover } from '../../approval.ts';
import { approverAtRegistry } from '../../registry-approval.ts';
import { registryDir } from '../../data-directories.ts';
import { type CommonOptions, command, dataDirOf, group, wholeNumber } from '../../command.ts';
import { formatUtcTime } from '../../format-time.ts';
import { createOutput, table } from '../../output.ts';
import { readToken } from '../../registry-token.ts';

interface DecisionOptions extends CommonOptions, ApproverFlags {
  readonly reason: string;
}

const TYPES = ['off', 'names', 'create'] as const;
type TypeName = (typeof TYPES)[number];
/** As Tencent numbers them (`RegisterType`). */
const REGISTER_TYPE = { off: 0, names: 1, create: 2 } as const satisfies Record<TypeName, number>;

/** Dynamic registration of products, on the registry's own data, also while it serves. */
export function registrationCommand(): Command {
  const decided = (what: Command): Command =>
    withApprover(what.requiredOption('--reason <text>', 'reason of the decision'), 'who approved it');
  return group('registration', 'devices that get their DeviceSecret themselves', [
    command('show', 'how a product takes part, and the decisions about it')
      .argument('<product>', 'ProductId')
      .action(show),
    decided(
      command('set', 'switch the registration of a product on or off')
        .argument('<product>', 'ProductId')
        .argument('<type>', 'off, names (devices that exist) or create (new names, too)', typeName)
        .option('--limit <n>', 'with create: how many devices may be created', wholeNumber(0, 1_000_000), 0),
    ).action(set),
    decided(
      command('secret', 'make a new product secret and print it once; units with the former one are refused')
        .argument('<product>', 'ProductId')
        .option('--from <file>', 'use the secret in this file instead, that of the console; - is stdin'),
    ).action(secret),
    decided(
      command('reopen', 'let a device that has logged in register once more')
        .argument('<product>', 'ProductId')
        .argument('<device>', 'DeviceName'),
    ).action(reopen),
  ]);
}

function typeName(text: string): TypeName {
  const found = TYPES.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`Use one of ${TYPES.join(', ')}.`);
  return found;
}

async function show(productId: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const { acts, ...view } = store.registration(productId);
  const type = TYPES.find((name) => REGISTER_TYPE[name] === view.registerType) ?? 'off';
  out.event('registry.registration', { ...view, type, acts });
  const limit = type === 'create' ? `, ${view.created} of ${view.createLimit} created` : '';
  out.print(
    `${productId}: ${type}${limit}, ${view.registered} registered, ${view.hasSecret ? 'with' : 'without'} a secret`,
  );
  const rows = acts.map(({ atMs, act, deviceName, detail, reason, approver }) => [
    formatUtcTime(atMs),
    act,
    deviceName ?? '',
    detail,
    reason,
    approver,
  ]);
  if (rows.length > 0) out.print(table(['when (UTC)', 'act', 'device', '', 'reason', 'approver'], rows));
}

async function set(
  productId: string,
  type: TypeName,
  options: DecisionOptions & { readonly limit: number },
): Promise<void> {
  const out = createOutput(options);
  const approver = await approverAtRegistry(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const to = { registerType: REGISTER_TYPE[type], createLimit: options.limit };
  store.setRegisterType(productId, to, { reason: options.reason, approver });
  out.event('registry.registration-set', { productId, type, limit: options.limit });
  out.print(`${productId}: registration is ${type}`);
  if (type !== 'off' && !store.registration(productId).hasSecret)
    out.notice(`note: ${productId} has no secret yet; make one with "registry registration secret"`);
}

async function secret(
  productId: string,
  options: DecisionOptions & { readonly from?: string },
): Promise<void> {
  const out = createOutput(options);
  const given = options.from === undefined ? null : await readToken(options.from);
  const approver = await approverAtRegistry(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const made = store.rotateProductSecret(productId, given, { reason: options.reason, approver });
  out.event('registry.product-secret', { productId, ...(given === null ? { productSecret: made } : {}) });
  out.print(
    given === null
      ? `product secret of ${productId}, which is not shown again: ${made}`
      : `${productId} has the given product secret`,
  );
}

async function reopen(productId: string, deviceName: string, options: DecisionOptions): Promise<void> {
  const out = createOutput(options);
  const approver = await approverAtRegistry(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  store.reopenRegistration({ productId, deviceName }, { reason: options.reason, approver });
  out.event('registry.registration-reopened', { productId, deviceName });
  out.print(`${productId}/${deviceName} may register once more`);
}

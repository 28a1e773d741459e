import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  auditClaim,
  chipId,
  controlRequest,
  devicesQuery,
  enrolRequest,
  eventsRequest,
  leaseRequest,
  leaseReturnRequest,
  productRequest,
  REGISTRY_PATH,
  REGISTRY_SERVICE,
  type AuditTrailReply,
  type ControlReply,
  type DevicesReply,
  type DeviceView,
  type EnrolReply,
  type EventsReply,
  type HealthReply,
  type LeaseReply,
  type LeaseReturnReply,
  type LeasesReply,
  type ProductsReply,
  type ProductView,
  type UnitReply,
} from '#shared/registry-api/index.ts';
import { deviceName, productId } from '#shared/domain/triple.ts';
import { auditOf, compareHead } from '../compare-head.ts';
import { applyEvents } from '../events/index.ts';
import { returnLease, grantLease } from '../leases/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Vault } from '../vault.ts';
import type { Store } from '../store/index.ts';
import type { Broker } from '../mqtt/index.ts';
import type { ReportStore } from '../reports/index.ts';
import type { Updates } from '../ota/index.ts';
import type { RegistrationService } from '../registration/index.ts';
import type { RegistryLog } from '../platform.ts';
import type { RefusalLog } from '../refusal-log.ts';
import type { DownloadUrlSigner, FirmwareStore } from '../firmware/index.ts';
import { enrol } from '../stations/index.ts';
import { callerOf, requireRight, stationOf } from './require-station.ts';
import { readInput } from './errors.ts';
import { addFirmwareFile } from './firmware-file.ts';
import { addFirmwareRoutes } from './firmware-routes.ts';
import { addLoginRoutes } from './login-routes.ts';
import { addOtaRoutes } from './ota-routes.ts';
import { addRegistrationRoutes } from './registration-routes.ts';
import { addProvisioningRoutes, type TellOwner } from './provisioning-routes.ts';
import { addRefusalRoute } from './refusal-route.ts';
import { acceptChunks } from './read-chunk.ts';
import { addStationReportRoutes } from './station-report-routes.ts';
import { addStationKeyRoutes } from './station-key-routes.ts';
import { addStationRunRoute } from './station-run-route.ts';

/** What the routes use. */
export interface RouteOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly version: string;
  readonly nowMs: () => number;
  readonly firmwareStore: FirmwareStore;
  readonly reportStore: ReportStore;
  readonly urlSigner: DownloadUrlSigner;
  readonly refusals: RefusalLog;
  readonly log: RegistryLog;
  readonly updates: Updates;
  readonly registration: RegistrationService;
  /** What devices reach by HTTP, as `health` tells stations. */
  readonly devices: NonNullable<HealthReply['devices']>;
  /** Ends the MQTT session of a device. */
  readonly disconnect: (clientId: string) => void;
  /** See `Broker.control`. */
  readonly control: Broker['control'];
  /** See `sendOwnerNotice`. */
  readonly tell: TellOwner;
}

const RUNS_PER_UNIT = 100;
const productParams = z.object({ productId });
const deviceParams = z.object({ productId, deviceName });
const leaseParams = z.object({ leaseId: z.uuid() });
const unitParams = z.object({ chipId });

/** All routes of the registry API. */
export function addRoutes(app: FastifyInstance, options: RouteOptions): void {
  const { store, nowMs } = options;
  app.get(REGISTRY_PATH.health, (): HealthReply => ({
    service: REGISTRY_SERVICE,
    version: options.version,
    nowMs: nowMs(),
    devices: options.devices,
  }));
  app.post(REGISTRY_PATH.enrol, (request): EnrolReply => {
    const { tokenSha256 } = readInput(enrolRequest, request.body);
    const { station, token } = callerOf(request);
    if (token === 'own') return { station, token };
    enrol(store, station, Buffer.from(tokenSha256, 'hex'), nowMs());
    return { station, token: 'enrolled' };
  });
  addProductRoutes(app, options);
  addLeaseRoutes(app, options);
  addDeviceRoutes(app, options);
  addLoginRoutes(app, options);
  addProvisioningRoutes(app, options);
  addRefusalRoute(app, options);
  addRegistrationRoutes(app, options);
  addOtaRoutes(app, options);
  acceptChunks(app);
  addFirmwareRoutes(app, options.firmwareStore);
  addStationReportRoutes(app, options.reportStore);
  addFirmwareFile(app, options);
  addStationRunRoute(app, store);
  addStationKeyRoutes(app, options);
  app.post(REGISTRY_PATH.events, (request): EventsReply => {
    const { events, audit: claim } = readInput(eventsRequest, request.body);
    const caller = callerOf(request);
    // One transaction for the whole request.
    const { applied, audit } = store.write(() => ({
      applied: applyEvents(options, caller, events, nowMs()),
      audit: claim === undefined ? undefined : compareHead(store, caller.station, claim, nowMs()),
    }));
    for (const clientId of applied.clientsToDisconnect) options.disconnect(clientId);
    return { results: [...applied.results], ...(audit === undefined ? {} : { audit }) };
  });
  app.get(REGISTRY_PATH.audit, (request): AuditTrailReply => auditOf(store, stationOf(request)));
  app.post(REGISTRY_PATH.audit, (request): AuditTrailReply => {
    const station = stationOf(request);
    compareHead(store, station, readInput(auditClaim, request.body), nowMs());
    return auditOf(store, station);
  });
}

function addProductRoutes(app: FastifyInstance, { store, nowMs }: RouteOptions): void {
  app.post(REGISTRY_PATH.products, (request): ProductView => {
    requireRight(request, 'admin', 'make or rename products');
    const input = readInput(productRequest, request.body);
    store.write(() => store.products.upsert(input.productId, input.name, nowMs()));
    return found(store.products.get(input.productId), `product ${input.productId}`);
  });
  app.get(REGISTRY_PATH.products, (): ProductsReply => ({ products: store.products.list() }));
  app.get(REGISTRY_PATH.product, (request): ProductView => {
    const params = readInput(productParams, request.params);
    return found(store.products.get(params.productId), `product ${params.productId}`);
  });
}

function addLeaseRoutes(app: FastifyInstance, { store, vault, nowMs }: RouteOptions): void {
  app.post(REGISTRY_PATH.leases, (request, reply): LeaseReply => {
    // No cache may store secrets.
    void reply.header('cache-control', 'no-store');
    return grantLease(store, vault, stationOf(request), readInput(leaseRequest, request.body), nowMs());
  });
  app.get(REGISTRY_PATH.leases, (request): LeasesReply => ({
    leases: store.leases.list(stationOf(request)),
  }));
  app.post(REGISTRY_PATH.leaseReturn, (request): LeaseReturnReply => {
    const { leaseId } = readInput(leaseParams, request.params);
    const { deviceNames } = readInput(leaseReturnRequest, request.body);
    return returnLease(store, stationOf(request), leaseId, deviceNames, nowMs());
  });
}

function addDeviceRoutes(app: FastifyInstance, { store, control }: RouteOptions): void {
  app.get(REGISTRY_PATH.devices, (request): DevicesReply => {
    const query = readInput(devicesQuery, request.query);
    // A caller with the enrolment token can choose its name, and sees all devices; a station with its own token sees its own.
    const { station, token, rights } = callerOf(request);
    const page = store.devices.page(
      {
        productId: query.productId ?? null,
        station: token === 'shared' || rights.includes('admin') ? null : station,
      },
      Number(query.cursor ?? 0),
      query.limit,
    );
    const last = page.at(-1);
    return {
      devices: page.map(({ view }) => view),
      nextCursor: last !== undefined && page.length === query.limit ? String(last.id) : null,
    };
  });
  app.get(REGISTRY_PATH.device, (request): DeviceView => {
    const params = readInput(deviceParams, request.params);
    return found(
      store.devices.view(params.productId, params.deviceName),
      `device ${params.productId}/${params.deviceName}`,
    );
  });
  app.post(REGISTRY_PATH.deviceControl, (request): Promise<ControlReply> => {
    const { productId: pid, deviceName: name } = readInput(deviceParams, request.params);
    const body = readInput(controlRequest, request.body);
    const { id, leasedTo } = found(store.devices.facts(pid, name), `device ${pid}/${name}`);
    if (leasedTo !== stationOf(request))
      requireRight(request, 'desk', `control ${pid}/${name}, which is not its own`);
    return control({ id, productId: pid, deviceName: name }, body);
  });
  app.get(REGISTRY_PATH.unit, (request): UnitReply => {
    const params = readInput(unitParams, request.params);
    const devices = store.devices.onChip(params.chipId);
    const runs = store.runs.onChip(params.chipId, RUNS_PER_UNIT);
    if (devices.length === 0 && runs.length === 0) found(null, `unit ${params.chipId}`);
    return {
      chipId: params.chipId,
      device: devices.find((device) => device.state === 'bound') ?? null,
      retired: devices.filter((device) => device.state === 'retired'),
      runs,
    };
  });
}

function found<T>(value: T | null, what: string): T {
  if (value !== null) return value;
  throw new RegistryError('not-found', `${what} is not known`, 'Check the name.');
}

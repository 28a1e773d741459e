import { z } from 'zod';
import { productId } from '../domain/triple.ts';

/** How a triple stands at the registry: free, promised to a station, burned into a unit, or never again. */
export const DEVICE_STATES = ['available', 'leased', 'bound', 'retired'] as const;
/** Beside them: promised to a station that is gone, and barred until a person has decided. */
export const deviceState = z.enum([...DEVICE_STATES, 'quarantined']);
export type DeviceState = z.infer<typeof deviceState>;

/** `POST /v1/products`: creates the product, or gives it this name. */
export const productRequest = z.object({ productId, name: z.string().trim().min(1).max(200) });
export type ProductRequest = z.infer<typeof productRequest>;

/** A product and how many of its triples stand where. */
export const productView = z.object({
  productId: z.string(),
  name: z.string(),
  createdMs: z.int(),
  counts: z.record(z.enum(DEVICE_STATES), z.int()),
  /** Of the leased ones: those in quarantine, when there are any. */
  quarantined: z.int().optional(),
});
export type ProductView = z.infer<typeof productView>;

export const productsReply = z.object({ products: z.array(productView) });
export type ProductsReply = z.infer<typeof productsReply>;

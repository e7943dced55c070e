// Schemas that a limit of the operator bounds, and how a schema is made again for the limits of one server.

import type { z } from 'zod';
import { LIMITS, type Limits } from './limits.ts';

const MAKERS = new WeakMap<z.ZodType, (limits: Limits) => z.ZodType>();

/** A schema that depends on limits: made with the defaults here, and again by `resized` where they are others. */
export function sized<Schema extends z.ZodType>(make: (limits: Limits) => Schema): Schema {
  const schema = make(LIMITS);
  MAKERS.set(schema, make);
  return schema;
}

/** The same schema with these limits: itself where nothing in it depends on them. */
export function resized<Schema extends z.ZodType>(schema: Schema, limits: Limits): Schema {
  // What is put in the place of a part takes and gives the same types.
  return remade(schema, limits) as Schema;
}

function remade(schema: z.ZodType, limits: Limits): z.ZodType {
  const made = MAKERS.get(schema)?.(limits);
  if (made !== undefined) return made;
  const { def } = schema as unknown as { readonly def: Definition };
  const parts: Record<string, unknown> = {};
  for (const name of INNER) {
    const inner = def[name];
    if (inner === undefined) continue;
    const other = remade(inner, limits);
    if (other !== inner) parts[name] = other;
  }
  const shape = def.type === 'object' ? remadeShape(def.shape ?? {}, limits) : undefined;
  if (shape !== undefined) parts['shape'] = shape;
  if (Object.keys(parts).length === 0) return schema;
  return (schema as unknown as Cloneable).clone({ ...def, ...parts });
}

/** What the schemas of the contract are made of: wrappers, lists, preprocessing before a schema. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

interface Cloneable {
  clone(def: object): z.ZodType;
}

const INNER = ['innerType', 'element', 'in', 'out'] as const;

function remadeShape(shape: Readonly<Record<string, z.ZodType>>, limits: Limits) {
  const fields = Object.entries(shape).map(([name, field]) => [name, field, remade(field, limits)] as const);
  if (fields.every(([, before, after]) => before === after)) return undefined;
  return Object.fromEntries(fields.map(([name, , after]) => [name, after]));
}

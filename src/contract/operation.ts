// What an operation of the API is, as data: the one source of routes, OpenAPI documents and SDK types.

import type { z } from 'zod';
import type { RoleName } from './roles.ts';

export const FAMILIES = ['v1', 'v2', 'v3', 'auth', 'operator'] as const;
export type Family = (typeof FAMILIES)[number];

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * `session` is the VZ-M2M-Token beside the bearer; `basic` is a client's id and secret; an operator shows a key or the
 * cookie of a session.
 */
export type Credential = 'bearer' | 'session' | 'basic' | 'operatorKey';

/** `bytes`: the body is what it is, of any length, read by its handler as it comes. */
export type BodyMedia = 'json' | 'form' | 'multipart' | 'jsonOrCsv' | 'bytes';

export interface Operation {
  readonly operationId: string;
  readonly family: Family;
  readonly tag: string;
  readonly summary: string;
  readonly method: Method;
  /** With parameters as `{name}`. */
  readonly path: string;
  /** Other paths that mean the same, with the same parameters. */
  readonly aliases: readonly string[];
  readonly credentials: readonly Credential[];
  /** Of an operation that needs an operator: the least role that may call it. */
  readonly role?: RoleName;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: {
    readonly media: BodyMedia;
    /** The server parses with this one. */
    readonly schema: z.ZodType;
    /** The documents show this one where it differs. */
    readonly documented?: z.ZodType;
    /** A request may come without it; then it is taken for `{}`. */
    readonly optional?: true;
    /** The limit of its size, by name: its value is the server's. */
    readonly bytesMax: 'bodyBytesMax' | 'scheduleBodyBytesMax' | 'importBodyBytesMax' | 'imageBytesMax';
    /** Multipart: the part with the bytes, and the part that holds the schema's JSON; without one each field is a part. */
    readonly parts?: { readonly json?: string; readonly file: string };
  };
  /** The answer when all went well; without a schema it has no body. `ndjson`: the schema is that of each line. */
  readonly success: { readonly status: number; readonly schema?: z.ZodType; readonly media?: 'ndjson' };
}

/** Paths below `/api/fota`. contract.md §1.1: the development hosts of the original serve the same without `/api`. */
export function fotaPaths(path: string, ...others: readonly string[]) {
  const aliases = others.map((other) => `/api/fota${other}`);
  return { path: `/api/fota${path}`, aliases: [...aliases, ...[path, ...others].map((each) => `/fota${each}`)] };
}

/** `/campaigns/{account}` as a router writes it: `/campaigns/:account`. */
export function routePath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

export function pathParams(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

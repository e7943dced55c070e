// What each operator may do: three roles, and for each operation of the operator API the least one that it needs.

/** Each may do what the ones before it may. viewer reads; operator runs campaigns; admin holds keys and accounts. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type RoleName = (typeof ROLES)[number];

const OPERATOR_API = { family: 'operator', aliases: [], credentials: ['operatorKey'] } as const;

/** Reads; shows no secret. */
export const FOR_VIEWERS = { ...OPERATOR_API, role: 'viewer' } as const;
/** Changes campaigns, devices, packages, callbacks. */
export const FOR_OPERATORS = { ...OPERATOR_API, role: 'operator' } as const;
/** Accounts, credentials, operators, whatever shows a secret or changes how safe things are. */
export const FOR_ADMINS = { ...OPERATOR_API, role: 'admin' } as const;

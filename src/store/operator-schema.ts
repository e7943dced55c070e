// The tables of those who run the server as Kysely sees them.

export interface OperatorTables {
  readonly operators: {
    readonly name: string;
    readonly key_hash: string;
    readonly revision: number;
    readonly body: string;
  };
  readonly sign_in_links: {
    readonly token_hash: string;
    readonly operator: string;
    readonly expires_at: number;
    readonly body: string;
  };
  readonly operator_sessions: {
    readonly token_hash: string;
    readonly operator: string;
    readonly last_used_at: number;
    readonly body: string;
  };
  /** Stays when its operator goes. */
  readonly sign_ins: { readonly operator: string; readonly at: number };
}

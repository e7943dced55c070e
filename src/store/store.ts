// What a store is: the rows of the engine and of the account services behind one handle that somebody closes.
import type { StoreOfAccounts } from '../accounts/ports.ts';
import type { EngineStore } from '../engine/ports.ts';

export type Store = EngineStore & StoreOfAccounts & AsyncDisposable;

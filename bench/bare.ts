/** The physical limit of admission: the rows that it has written, put into a fresh SQLite file by nothing but inserts. */
import { DatabaseSync } from 'node:sqlite';

/** What admission adds rows to. */
const TABLES = ['updates', 'entries'] as const;
/** As many as one commit of admission has. */
const BATCH = 250;

/** The same tables, indexes and pragmas as in `from`; only writing is timed. */
export function bareInserts(from: string, to: string): { readonly rows: number; readonly took: number } {
  const source = new DatabaseSync(from, { readOnly: true });
  const target = new DatabaseSync(to, { enableForeignKeyConstraints: false });
  try {
    for (const pragma of ['journal_mode', 'synchronous', 'wal_autocheckpoint', 'cache_size'] as const) {
      target.exec(`pragma ${pragma} = ${PRAGMAS[pragma]}`);
    }
    const wanted = `select sql from sqlite_master where sql is not null and tbl_name in ('${TABLES.join("', '")}')`;
    for (const { sql } of source.prepare(wanted).all()) target.exec(String(sql));
    let rows = 0;
    let took = 0;
    const copies = TABLES.map((table) => copier(source, target, table));
    for (;;) {
      const batches = copies.map((copy) => copy.next());
      const count = batches.reduce((sum, batch) => sum + batch.length, 0);
      if (count === 0) return { rows, took };
      const begun = performance.now();
      target.exec('begin immediate');
      for (const [place, batch] of batches.entries()) copies[place]?.write(batch);
      target.exec('commit');
      took += performance.now() - begun;
      rows += count;
    }
  } finally {
    target.close();
    source.close();
  }
}

/** Those of the server, src/store/sqlite.ts. */
const PRAGMAS = { journal_mode: 'wal', synchronous: 'full', wal_autocheckpoint: 16_384, cache_size: -65_536 } as const;

type Row = readonly (string | number | bigint | Uint8Array | null)[];

function copier(source: DatabaseSync, target: DatabaseSync, table: string) {
  const read = source.prepare(`select * from ${table} order by rowid`);
  read.setReturnArrays(true);
  const rows = read.iterate() as unknown as Iterator<Row>;
  const columns = read.columns().map(({ name }) => name);
  const insert = target.prepare(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  );
  return {
    next: (): readonly Row[] => {
      const batch: Row[] = [];
      while (batch.length < BATCH) {
        const { value, done } = rows.next();
        if (done === true) break;
        batch.push(value);
      }
      return batch;
    },
    write: (batch: readonly Row[]): void => {
      for (const row of batch) insert.run(...row);
    },
  };
}

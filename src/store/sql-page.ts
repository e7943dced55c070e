// A page of rows in SQL: at most so many, behind those that are left out.

export interface Pageable<Query> {
  limit(max: number): Query;
}

export const paged = <Query extends Pageable<Query> & { offset(skip: number): Query }>(
  query: Query,
  { max, skip = 0 }: { readonly max: number; readonly skip?: number },
): Query => (skip === 0 ? query.limit(max) : query.limit(max).offset(skip));

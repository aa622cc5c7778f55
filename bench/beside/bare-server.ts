import Fastify from 'fastify';
import pg from 'pg';
import { searchView } from '../../src/call-centre/present-search.js';
import { readQuestion } from '../../src/call-centre/search-question.js';
import type { FoundHolder } from '../../src/call-centre/sql/find-holders.sql.js';
import { ownClaimView } from '../../src/customer/present-own-claim.js';
import { ownClaims, type OwnClaimRow } from '../../src/customer/sql/read-own-claim.sql.js';
import { SEARCHES, type SearchKind } from './search-sql.js';

/**
 * Fastify alone, as someone would write it who needs neither sign-in nor a house: a pool, one prepared statement for each
 * question, its answer as JSON. Started as a process of its own; says its address when it listens.
 */
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 10,
  options: '-c plan_cache_mode=force_generic_plan',
});
const fastify = Fastify();
/** Only what is said when nobody is found depends on it, and everybody who is asked for here is there. */
const QUESTION = readQuestion('サトウ');

fastify.get<{ Params: { id: string } }>('/claim/:id', async ({ params }, reply) => {
  const { rows } = await pool.query<OwnClaimRow>({ name: 'claim', text: ownClaims('$1'), values: [params.id] });
  void reply.header('Content-Type', 'application/json; charset=utf-8');
  return rows[0] ? JSON.stringify(ownClaimView(rows[0])) : null;
});

fastify.get<{ Params: { kind: SearchKind }; Querystring: { q: string } }>(
  '/search/:kind',
  async ({ params, query }, reply) => {
    const prepared = { name: `search-${params.kind}`, text: SEARCHES[params.kind], values: [query.q] };
    const { rows } = await pool.query<FoundHolder>(prepared);
    void reply.header('Content-Type', 'application/json; charset=utf-8');
    return JSON.stringify(searchView(QUESTION, rows));
  },
);

process.once('disconnect', () => process.exit());
console.log(await fastify.listen({ host: '127.0.0.1', port: 0 }));

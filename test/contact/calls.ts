import type { HolderView } from '../../src/call-centre/call-centre.views.js';
import type { CallerCheckView, ContactView, OpenedContactView } from '../../src/contact/contact.views.js';
import type { Answer } from '../harness/app.js';
import { createBatchWorld, post, quantities, type BatchWorld } from '../credit-batch/batches.js';

export type Problem = Answer<{ code?: string; guard?: string }>;

/** Whom the callers claim to be: every customer C1, C2, … has these, with their number in mail and phone. */
export const WHO = { name: '佐藤 誠', nameKana: 'サトウ マコト', birthDate: '1980-01-31' } as const;
export const phoneOf = (n: number) => `090-1234-${String(5600 + n)}`;
export const mailOf = (n: number) => `Makoto${n}@example.test`;

/** Approved claims of people who can be called. */
export async function createCallWorld(holders: number): Promise<BatchWorld> {
  const world = await createBatchWorld(quantities(holders));
  await world.server.database.asSuperuser(
    `WITH off AS MATERIALIZED (SELECT set_config('session_replication_role', 'replica', true))
     UPDATE holder SET name = $1, name_kana = $2, birth_date = $3, email = 'Makoto' || id_no || '@example.test', phone = '090-1234-' || (5600 + id_no::int)
     FROM off, (SELECT id AS of, substr(customer_no, 2) AS id_no FROM holder) AS n WHERE n.of = holder.id`,
    [WHO.name, WHO.nameKana, WHO.birthDate],
  );
  return world;
}

/** What somebody of staff does with contacts over HTTP. */
export function callsOf({ server }: BatchWorld, token: string) {
  return {
    open: (body: object = {}) =>
      server.call<OpenedContactView & { code?: string }>('POST', '/v1/contacts', {
        token,
        body: { channel: 'phone', direction: 'inbound', caller: 'self', ...body },
      }),
    check: (id: string, said: object) =>
      server.call<CallerCheckView & { code?: string }>('POST', `/v1/contacts/${id}/caller-check`, {
        token,
        body: said,
      }),
    close: (id: string, body: object = { topic: 'timing', outcome: 'answered' }) =>
      server.call<ContactView & { code?: string }>('POST', `/v1/contacts/${id}/close`, { token, body }),
    show: (id: string) => server.call<ContactView & { code?: string }>('GET', `/v1/contacts/${id}`, { token }),
    page: async (customerNo: string) =>
      (await server.call<HolderView>('GET', `/v1/holders/${customerNo}`, { token })).body,
    get: <B = Record<string, unknown>>(url: string) => server.call<B>('GET', url, { token }),
    post: <B = Record<string, unknown>>(url: string, body?: object) => post<B>(server, token, url, body),
  };
}

export type Calls = ReturnType<typeof callsOf>;

/** An agent's open call about C`n` whose caller passed the check. */
export async function passedCall(calls: Calls, n: number): Promise<string> {
  const { body } = await calls.open({ customerNo: `C${n}` });
  const checked = await calls.check(body.id, { birthDate: WHO.birthDate, phone: phoneOf(n) });
  if (!checked.body.passed) throw new Error(JSON.stringify(checked.body));
  return body.id;
}

import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import iconv from 'iconv-lite';
import { Audit, systemActor } from '../../audit/audit.js';
import type { Charset } from '../../holder/csv-source.js';
import { unpacked } from '../../holder/packed.js';
import { assertHeader } from '../../holder/upload-header.js';
import { readForm } from '../../holder/upload-form.js';
import { withUpload, type Upload } from '../../holder/upload.js';
import { Clock } from '../../platform/clock/clock.js';
import { Config } from '../../platform/config/config.js';
import { Database, type Tx } from '../../platform/database/database.js';
import type { Prisma } from '../../platform/database/prisma.js';
import type { Actor, RequestContext } from '../../platform/http/request-context.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { CharsetDto, type BulkLookUpView } from './bulk-look-up.dto.js';
import { BulkLookUpDestroyed, BulkLookUpNotAnswered, BulkLookUpNotFound } from './bulk-look-up.errors.js';
import { readKeys, type LookUpKey } from './look-up-keys.js';
import { HEADER, resultLines, resultRow } from './result-csv.js';
import { answerKeys } from './sql/answer-keys.sql.js';
import { destroyExpired } from './sql/destroy-expired.sql.js';
import { keepKeys } from './sql/keep-keys.sql.js';

const JOB = 'bulk-look-up';
const LIMITS = { timeoutMs: 120_000 };
/** Rows that are read and written at once, so that memory stays flat whatever the size. */
const PAGE = 5_000;
const HOUR_MS = 3_600_000;

type Row = Prisma.BulkLookUpGetPayload<object>;

/** Many numbers looked up at once, for one person alone, on record, and only for a while. */
@Injectable()
export class BulkLookUps implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(JOB, (payload) => this.answer((payload as { lookUpId: string }).lookUpId));
    this.jobs.every('bulk-look-up-expiry', '*/10 * * * *', () => this.destroyExpired());
  }

  /** Errors: those of the upload and its header, validation_failed, too_many_keys. Keys that are none are answered as such. */
  ask(context: RequestContext, request: FastifyRequest): Promise<BulkLookUpView> {
    return withUpload(request, join(this.config.dataDir, 'uploads'), ['file'], (upload) => this.take(context, upload));
  }

  /** Errors: bulk_look_up_not_found, also for those of others. */
  show({ actor }: RequestContext, id: string): Promise<BulkLookUpView> {
    return this.database.consistentRead(async (tx) => viewOf(await this.find(tx, actor, id)));
  }

  /** Each download is on record. Errors: bulk_look_up_not_found, bulk_look_up_not_answered, bulk_look_up_destroyed. */
  async result(context: RequestContext, id: string, charset: Charset): Promise<Readable> {
    await this.database.transaction(async (tx) => {
      const row = await this.find(tx, context.actor, id);
      if (row.status === 'destroyed' || row.expiresAt <= this.clock.now()) throw new BulkLookUpDestroyed();
      if (row.status === 'waiting') throw new BulkLookUpNotAnswered();
      await this.record(tx, context, 'bulk_look_up.downloaded', id, { charset });
    });
    return Readable.from(this.lines(id, context.actor.role, charset));
  }

  /** What the job does; a second time it finds nothing to do. */
  answer(id: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const [asked] = await tx.$queryRaw<{ owner: string }[]>`
        SELECT owner_id AS owner FROM bulk_look_up WHERE id = ${id}::uuid AND status = 'waiting' FOR NO KEY UPDATE`;
      if (!asked) return;
      const { foundCount, digest } = await answerKeys(tx, id, asked.owner);
      const { keyCount } = await tx.bulkLookUp.update({ where: { id }, data: { status: 'answered', foundCount } });
      const rows = { count: BigInt(keyCount), sumJpy: null, digest };
      await this.record(tx, systemActor(JOB), 'bulk_look_up.answered', id, { foundCount }, rows);
    }, LIMITS);
  }

  destroyExpired(): Promise<void> {
    return this.database.transaction(async (tx) => {
      const rows = { ...(await destroyExpired(tx)), sumJpy: null };
      if (rows.count > 0n)
        await this.record(tx, systemActor('bulk-look-up-expiry'), 'bulk_look_up.destroyed', 'expired', {}, rows);
    }, LIMITS);
  }

  private async take(context: RequestContext, upload: Upload): Promise<BulkLookUpView> {
    const { dto, file } = await readForm(CharsetDto, upload);
    await assertHeader('file', file, dto.charset, ['key'], []);
    const keys = await readKeys(unpacked(file.packed), dto.charset);
    return this.database.transaction((tx) => this.keep(tx, context, file.sha256, keys), LIMITS);
  }

  private async keep(
    tx: Tx,
    context: RequestContext,
    fileSha256: string,
    keys: readonly LookUpKey[],
  ): Promise<BulkLookUpView> {
    const expiresAt = new Date(this.clock.now().getTime() + this.config.bulkLookUpRetentionHours * HOUR_MS);
    const [made] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO bulk_look_up (owner_id, file_sha256, key_count, expires_at)
      VALUES (${context.actor.id}::uuid, ${fileSha256}, ${keys.length}, ${expiresAt}) RETURNING id`;
    const id = made?.id ?? '';
    await keepKeys(tx, id, keys);
    const rows = { count: BigInt(keys.length), sumJpy: null, digest: fileSha256 };
    await this.record(tx, context, 'bulk_look_up.asked', id, { expiresAt: expiresAt.toISOString() }, rows);
    await this.jobs.add(tx, JOB, { lookUpId: id });
    return viewOf(await this.find(tx, context.actor, id));
  }

  /** Answers are not changed any more, so the pieces need not be of one instant. */
  private async *lines(id: string, role: string, charset: Charset): AsyncGenerator<Buffer> {
    const encoded = (text: string) => (charset === 'utf-8' ? Buffer.from(text) : iconv.encode(text, 'cp932'));
    yield encoded((charset === 'utf-8' ? '\uFEFF' : '') + resultLines([[...HEADER]]));
    for (let after = 0; ;) {
      const rows = await this.database.consistentRead((tx) =>
        tx.bulkLookUpKey.findMany({
          where: { bulkLookUpId: id, seq: { gt: after } },
          orderBy: { seq: 'asc' },
          take: PAGE,
        }),
      );
      const last = rows.at(-1);
      if (!last) return;
      yield encoded(resultLines(rows.map((row) => resultRow(row, role))));
      after = last.seq;
    }
  }

  private async find(tx: Tx, { id: ownerId }: Actor, id: string): Promise<Row> {
    const row = await tx.bulkLookUp.findFirst({ where: { id, ownerId } });
    if (!row) throw new BulkLookUpNotFound();
    return row;
  }

  private record(
    tx: Tx,
    context: Parameters<Audit['record']>[1],
    action: string,
    subjectId: string,
    after: { readonly [key: string]: string | number },
    rows?: NonNullable<Parameters<Audit['record']>[2]['rows']>,
  ): Promise<void> {
    return this.audit.record(tx, context, {
      action,
      subjectType: 'bulk_look_up',
      subjectId,
      after,
      ...(rows ? { rows } : {}),
    });
  }
}

function viewOf(row: Row): BulkLookUpView {
  const { id, status, keyCount, foundCount, fileSha256 } = row;
  return {
    id,
    status,
    keyCount,
    answeredCount: row.answeredAt === null ? 0 : keyCount,
    foundCount,
    fileSha256,
    createdAt: row.createdAt.toISOString(),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    resultHref: status === 'answered' ? `/v1/bulk-look-ups/${id}/result.csv` : null,
  };
}
